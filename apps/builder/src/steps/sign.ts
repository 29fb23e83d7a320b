import { readFile } from "node:fs/promises";

import { parseSecretKey } from "@nix-cache/narinfo";

import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";

/** Signs a toplevel's closure with the configured key, so that the signatures outlive this machine's server. */
export async function signClosure({ config, nix, signal }: RunDeps, toplevel: string): Promise<void> {
  await nix.signClosure({ paths: [toplevel], keyFile: config.builder.signingKeyFile, signal });
}

/** Says before hours of building that nothing of it will be published. What is built is kept for the next run. */
export async function warnOfUnusableKey({ config, log }: RunDeps): Promise<void> {
  const file = config.builder.signingKeyFile;
  try {
    parseSecretKey(await readFile(file, "utf8"));
  } catch (error) {
    const remedy = "make one: nix-cache-builder keygen NAME --out DIR";
    log.error(
      { file, reason: reasonOf(error), remedy },
      "signing key cannot be used: nothing will be published",
    );
  }
}
