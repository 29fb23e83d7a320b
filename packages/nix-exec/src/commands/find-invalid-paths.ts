import { type NixCommand, positional } from "../command.ts";

/** Options of findInvalidPaths. */
export interface FindInvalidPathsOptions {
  readonly paths: readonly [string, ...string[]];
}

/** Names those of the paths that the store does not have; an empty list says that all are valid. */
export function findInvalidPaths(options: FindInvalidPathsOptions): NixCommand<readonly string[]> {
  return {
    program: "nix-store",
    name: "nix-store --check-validity",
    argv: ["--check-validity", "--print-invalid", ...options.paths.map(positional)],
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout }) => stdout.split("\n").filter((line) => line !== ""),
  };
}
