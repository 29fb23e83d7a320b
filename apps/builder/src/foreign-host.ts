import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import { NixError } from "@nix-cache/nix-exec";

import { BuildFailedError } from "./build-failed-error.ts";
import type { RunDeps } from "./run-deps.ts";

/**
 * Whether a build failed because the host itself is for a kind of machine that is not at hand. A native host that
 * needs one foreign derivation is not meant: that is a failure to report.
 */
export async function isForeignHost(deps: RunDeps, drvPath: string, error: unknown): Promise<boolean> {
  if (!isWrongSystem(error)) return false;
  const { system, "extra-platforms": others } = await deps.nix.showSettings({ signal: deps.signal });
  const native = [system, ...(Array.isArray(others) ? others : [])];
  return !native.includes(await readSystem(deps, drvPath));
}

/** Nix up to 2.28 refuses before it builds, newer ones fail the build. */
function isWrongSystem(error: unknown): boolean {
  if (error instanceof BuildFailedError) return error.failures.includes("wrong-system");
  return error instanceof NixError && error.code === "ERR_NIX_SYSTEM";
}

/** In a derivation's text the first string that follows a list is the system: outputs and inputs are all lists. */
async function readSystem({ config }: RunDeps, drvPath: string): Promise<string | undefined> {
  const text = await readFile(`${config.nix.realStoreDir}/${basename(drvPath)}`, "utf8");
  return /\],"([^"\\]+)"/.exec(text)?.[1];
}
