import type { NixErrorCode } from "./nix-error.ts";

/** A cause recognised in the stderr of Nix, and the way out. */
export interface Diagnosis {
  readonly code: NixErrorCode;
  readonly advice: string;
}

/**
 * Causes by the words that Nix 2.8 to 2.34 and git print; first match wins. The words are the C library's or
 * have not changed since 2.4.
 */
const CAUSES: readonly (readonly [RegExp, NixErrorCode, string])[] = [
  [
    /No space left on device|database or disk is full|Disk quota exceeded/i,
    "ERR_NIX_DISK_FULL",
    "the disk of the store or of the temporary directory is full: free space, or collect garbage",
  ],
  [
    /error: (out of memory|std::bad_alloc)|^GC Warning: Out of Memory!/im,
    "ERR_NIX_MEMORY",
    "memory ran out: let the machine or the evaluation have more of it",
  ],
  [
    /error: the group '[^']*' specified in 'build-users-group' does not exist|group '[^']*' .*has no members/,
    "ERR_NIX_BUILD_USERS",
    "Nix run as root builds as the members of a group that is missing or empty: set `build-users-group =` in nix.conf (or in the settings), or create the group with its users",
  ],
  [
    /experimental (Nix )?feature '[^']*' is disabled/,
    "ERR_NIX_FEATURES",
    "Nix refuses an experimental feature: add it to `experimental-features` in nix.conf",
  ],
  [
    /requires lock file changes but they're not allowed|cannot write modified lock file/,
    "ERR_NIX_LOCK",
    "flake.lock does not cover every input of flake.nix: run `nix flake lock` and commit the result, or let the run update the inputs",
  ],
  [
    /does not provide attribute|attribute '[^']*' in selection path '[^']*' not found/,
    "ERR_NIX_ATTRIBUTE",
    "the flake has no such attribute: check the names below nixosConfigurations",
  ],
  [
    /unable to download|Could(n't| not) resolve host|Could not read from remote repository|[Cc]annot find Git revision|[Gg]it repository ['"][^'"]*['"] does not exist|Failed to fetch git repository|unable to access '|HTTP error \d+/,
    "ERR_NIX_FETCH",
    "a source could not be fetched: check the network, the address and the credentials",
  ],
  [
    /cannot connect to (socket|daemon)|error: opening lock file|(creating directory|opening file) ['"][^'"]*(\/var\/nix|\/store)[^'"]*['"]: Permission denied|(setting up|opening|cannot open) .*database/i,
    "ERR_NIX_STORE",
    "the store cannot be opened: check that the Nix daemon runs, or that this user may write the store",
  ],
  [
    /error: operation '[^']*' is not supported by store '/,
    "ERR_NIX_UNSUPPORTED",
    "the Nix daemon does not do this for others: run as the user who owns the store, mostly root",
  ],
  [
    /is required to build '[^']*', but I am a '/,
    "ERR_NIX_SYSTEM",
    "this machine cannot build for the system that is needed: configure a remote builder for it, or leave the host out",
  ],
  [
    /cannot add path '[^']*' because it lacks a (valid )?signature/,
    "ERR_NIX_SIGNATURE",
    "a path has no signature by a trusted key: add the key of where it comes from to `trusted-public-keys`, or have it signed there",
  ],
  [
    /error: you are not privileged to add signatures/,
    "ERR_NIX_UNTRUSTED",
    "the daemon of a Nix older than 2.17 takes signatures from trusted users alone: upgrade Nix",
  ],
  [
    /secret key is corrupt|(secret |signing )?key '[^']*' is (corrupt|invalid)|key is not valid/,
    "ERR_NIX_KEY",
    "the key is not a Nix signing key: expected NAME:BASE64 as made by `nix key generate-secret`",
  ],
];

/**
 * Recognises why Nix failed.
 *
 * @param stderr - the last lines of standard error, without terminal sequences
 * @returns undefined when no known cause is in it
 */
export function diagnose(stderr: string): Diagnosis | undefined {
  // A warning names what Nix got over: a substituter that is down is not why an evaluation failed.
  const lines = stderr.split("\n").filter((line) => !line.startsWith("warning:"));
  const text = lines.join("\n");
  for (const [pattern, code, advice] of CAUSES) {
    if (pattern.test(text)) return { code, advice };
  }
  return undefined;
}

/** Finds the innermost error of a trace: the last line that starts with `error:`. */
export function lastErrorLine(stderr: string): string | undefined {
  return stderr
    .split("\n")
    .findLast((line) => /^\s*error: ./.test(line))
    ?.trim()
    .slice("error: ".length);
}
