import { basename } from "node:path";

import { type NixCommand, positional } from "../command.ts";

/** A store path, which is valid. */
interface StorePath {
  readonly path: string;
}

/**
 * Reads the files of one path and compares their hash with that in the store's database.
 *
 * @returns whether they are what they were; unlike `nix store verify`, this takes a derivation for itself on 2.8 too
 */
export function verifyPath({ path }: StorePath): NixCommand<boolean> {
  return {
    program: "nix-store",
    name: "nix-store --verify-path",
    argv: ["--verify-path", positional(path)],
    failureCode: "ERR_NIX_FAILED",
    // Modified or gone: Nix has a wording for each, which all name the path.
    accepts: (exitCode, stderr) => exitCode === 0 || stderr.includes(basename(path)),
    parse: ({ exitCode }) => exitCode === 0,
  };
}
