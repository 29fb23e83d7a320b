import { dirname } from "node:path";

import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of verifyContents. */
export interface VerifyContentsOptions {
  readonly paths: readonly [string, ...string[]];
}

/** Paths of a closure whose files are not what the store's database says; both lists are empty when all is well. */
export interface VerifyContentsResult {
  /** Files with another hash. */
  readonly modified: readonly string[];
  /** Files that are gone or cannot be read. */
  readonly unreadable: readonly string[];
}

/** More lines than a closure has paths: Nix prints one for each. */
const MAX_STDERR_LINES = 1_000_000;
const MODIFIED = /^path '([^']+)' was modified!/gm;
const UNREADABLE = /^\s*error: .*\/([0-9a-z]{32}-[0-9A-Za-z+._?=-]+)/gm;

/** Reads every file of a closure and compares the hashes with those in the store's database. */
export function verifyContents(options: VerifyContentsOptions): NixCommand<VerifyContentsResult> {
  const storeDir = dirname(options.paths[0]);
  return {
    program: "nix",
    name: "nix store verify",
    argv: nixArgv(
      "store",
      "verify",
      "--recursive",
      "--no-trust",
      "--log-format",
      "internal-json",
      "-v",
      ...options.paths.map(positional),
    ),
    failureCode: "ERR_NIX_FAILED",
    isLogged: true,
    maxStderrLines: MAX_STDERR_LINES,
    accepts: (exitCode, stderr) => exitCode === 0 || isExplained(exitCode, parseDamage(stderr, storeDir)),
    parse: ({ exitCode, stderr }) =>
      exitCode === 0 ? { modified: [], unreadable: [] } : parseDamage(stderr, storeDir),
  };
}

/** Bit 1 is for modified paths, bit 4 for others; 1 is also the status of any other error of Nix. */
function isExplained(exitCode: number, { modified, unreadable }: VerifyContentsResult): boolean {
  const status = (modified.length > 0 ? 1 : 0) | (unreadable.length > 0 ? 4 : 0);
  return exitCode === status;
}

function parseDamage(stderr: string, storeDir: string): VerifyContentsResult {
  const unreadable = [...stderr.matchAll(UNREADABLE)].map(([, name = ""]) => `${storeDir}/${name}`);
  return {
    modified: [...stderr.matchAll(MODIFIED)].map(([, path = ""]) => path),
    unreadable: [...new Set(unreadable)],
  };
}
