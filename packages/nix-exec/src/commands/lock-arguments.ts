import type { NixCapabilities } from "../capabilities.ts";
import { NixError } from "../nix-error.ts";

/** Which lock file an evaluation uses. */
export interface LockOptions {
  /** Use this lock file in place of the flake's own; needs the capability separateLockFile. */
  readonly referenceLockFile?: string;
}

/**
 * Formats the lock options of a command. An incomplete lock is refused on every version: nothing is relocked
 * behind the user's back. `--no-write-lock-file` must stay out: with it, Nix evaluates an incomplete lock with
 * freshly fetched inputs and only warns, `--no-update-lock-file` or not (2.8 to 2.34, flake.cc lockFlake).
 *
 * @throws NixError ERR_NIX_UNSUPPORTED when a lock file is given and Nix has no option for it
 */
export function lockArguments(options: LockOptions, capabilities: NixCapabilities): readonly string[] {
  const { referenceLockFile } = options;
  if (referenceLockFile === undefined) return ["--no-update-lock-file"];
  requireSeparateLockFile(capabilities);
  return ["--no-update-lock-file", "--reference-lock-file", referenceLockFile];
}

/** Refuses what only Nix 2.15 and newer can do. */
export function requireSeparateLockFile(capabilities: NixCapabilities): void {
  if (capabilities.separateLockFile) return;
  throw new NixError(
    "ERR_NIX_UNSUPPORTED",
    "expected Nix 2.15 or newer for a lock file outside the flake, found an older one; update a copy of the flake instead",
  );
}
