import { NixError } from "@nix-cache/nix-exec";

import { readPublicKey, requirePublicKey } from "../keys/read-public-key.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import { isSignedWhenServed } from "../signed-when-served.ts";

/**
 * Signs a toplevel's closure with the configured key, so that the signatures outlive this machine's server. Where an old
 * daemon refuses them and the server signs what it serves, clients miss nothing.
 */
export async function signClosure({ config, log, nix, signal }: RunDeps, toplevel: string): Promise<void> {
  const keyFile = config.builder.signingKeyFile;
  // Nix itself names no file.
  await requirePublicKey(keyFile);
  try {
    await nix.signClosure({ paths: [toplevel], keyFile, signal });
  } catch (error) {
    const isRefused = error instanceof NixError && error.code === "ERR_NIX_UNTRUSTED";
    if (!isRefused || !isSignedWhenServed(config)) throw error;
    log.warn(
      { toplevel, reason: reasonOf(error) },
      "not signed in the store: the server signs what it serves",
    );
  }
}

/** Says before hours of building that nothing of it will be published. What is built is kept for the next run. */
export async function warnOfUnusableKey({ config, log }: RunDeps): Promise<void> {
  const file = config.builder.signingKeyFile;
  try {
    await readPublicKey(file);
  } catch (error) {
    const remedy = "make one: nix-cache-builder keygen NAME --out DIR";
    log.error(
      { file, reason: reasonOf(error), remedy },
      "signing key cannot be used: nothing will be published",
    );
  }
}
