import { type NixCommand, positional } from "../command.ts";

/** Store paths, all valid. */
interface StorePaths {
  readonly paths: readonly string[];
}

/** Lists paths and everything they refer to, references before referrers. */
export function queryClosure({ paths }: StorePaths): NixCommand<readonly string[]> {
  return listCommand("nix-store --query --requisites", ["--query", "--requisites", ...paths.map(positional)]);
}

/** Lists what refers to any of the paths, directly. */
export function queryReferrers({ paths }: StorePaths): NixCommand<readonly string[]> {
  return listCommand("nix-store --query --referrers", ["--query", "--referrers", ...paths.map(positional)]);
}

/** Lists what no GC root protects; slow on large stores. */
export function listDeadPaths(): NixCommand<readonly string[]> {
  return listCommand("nix-store --gc --print-dead", ["--gc", "--print-dead"]);
}

function listCommand(name: string, argv: readonly string[]): NixCommand<readonly string[]> {
  return {
    program: "nix-store",
    name,
    argv,
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout }) => stdout.split("\n").filter((line) => line !== ""),
  };
}
