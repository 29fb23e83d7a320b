import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { type CollectGarbageResult, parseFreed } from "./collect-garbage.ts";

/** Store paths, all valid. */
interface StorePaths {
  readonly paths: readonly string[];
}

/** What `nix-store --delete` did before it met a path that is alive. */
interface DeleteResult extends CollectGarbageResult {
  readonly alive?: string;
}

const STILL_ALIVE = /[Cc]annot delete path '([^']+)' since it is still alive/;

/** Deletes exactly these paths; stops at the first that is alive or that a path outside refers to. */
export function deleteFromStore({ paths }: StorePaths): NixCommand<DeleteResult> {
  return {
    program: "nix-store",
    name: "nix-store --delete",
    argv: ["--delete", ...paths.map(positional)],
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode, stderr) => exitCode === 0 || STILL_ALIVE.test(stderr),
    parse: ({ stdout, stderr }) => {
      const alive = STILL_ALIVE.exec(stderr)?.[1];
      return { ...parseFreed(`${stdout}\n${stderr}`), ...(alive === undefined ? {} : { alive }) };
    },
  };
}

/**
 * Deletes what is dead in the closures of paths, in one command.
 *
 * @returns undefined where Nix has no such command: before 2.35, Lix before 2.93, Determinate before 3.22
 */
export function deleteDeadInClosure(
  { paths }: StorePaths,
  capabilities: NixCapabilities,
): NixCommand<CollectGarbageResult> | undefined {
  const options = deleteOptions(capabilities);
  if (options === undefined) return undefined;
  return {
    program: "nix",
    name: "nix store delete",
    argv: nixArgv("store", "delete", ...options, ...paths.map(positional)),
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout, stderr }) => parseFreed(`${stdout}\n${stderr}`),
  };
}

function deleteOptions(capabilities: NixCapabilities): readonly string[] | undefined {
  if (capabilities.deleteSkipAlive) return ["--recursive", "--skip-alive"];
  if (capabilities.deleteClosureSkipLive) return ["--delete-closure", "--skip-live"];
  return undefined;
}
