import { basename } from "node:path";

import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { type CollectGarbageResult, parseFreed } from "./collect-garbage.ts";

/** Store paths, all valid. */
interface StorePaths {
  readonly paths: readonly string[];
}

/** A path that is no longer valid, but whose files could not all be removed. */
export interface StuckPath {
  readonly path: string;
  /** What Nix said, such as `cannot unlink '/nix/store/…': Device or resource busy`. */
  readonly reason: string;
}

/** What a deletion did before it met a path that it could not delete. */
interface DeleteResult extends CollectGarbageResult {
  readonly alive?: string;
  readonly stuck?: StuckPath;
}

const STILL_ALIVE = /[Cc]annot delete path '([^']+)' since it is still alive/;

/**
 * A mount point or an immutable file in a path, or a file that someone adds to it meanwhile. Any other failure, such as
 * a read-only file system, would meet the next path too, which Nix makes invalid before it removes the files.
 */
const CANNOT_UNLINK =
  /^\s*error: (cannot unlink ['"].+['"]: (?:Device or resource busy|Operation not permitted|Directory not empty))$/gm;

/** Deletes exactly these paths; stops at the first that is alive, that a path outside refers to, or that is stuck. */
export function deleteFromStore({ paths }: StorePaths): NixCommand<DeleteResult> {
  return {
    program: "nix-store",
    name: "nix-store --delete",
    argv: ["--delete", ...paths.map(positional)],
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode, stderr) =>
      exitCode === 0 || findAlive(stderr, paths) !== undefined || findStuck(stderr, paths) !== undefined,
    parse: (output) => {
      const alive = findAlive(output.stderr, paths);
      return { ...parseDeletion(output, paths), ...(alive === undefined ? {} : { alive }) };
    },
  };
}

/**
 * Deletes those of the paths that are dead, in one command; stops at the first that is stuck.
 *
 * @returns undefined where Nix has no such command: before 2.35, Lix before 2.93, Determinate before 3.22
 */
export function deleteDead(
  { paths }: StorePaths,
  capabilities: NixCapabilities,
): NixCommand<DeleteResult> | undefined {
  const option = skipOption(capabilities);
  if (option === undefined) return undefined;
  return {
    program: "nix",
    name: "nix store delete",
    argv: nixArgv("store", "delete", option, ...paths.map(positional)),
    failureCode: "ERR_NIX_FAILED",
    accepts: (exitCode, stderr) => exitCode === 0 || findStuck(stderr, paths) !== undefined,
    parse: (output) => parseDeletion(output, paths),
  };
}

function skipOption(capabilities: NixCapabilities): string | undefined {
  if (capabilities.deleteSkipAlive) return "--skip-alive";
  if (capabilities.deleteClosureSkipLive) return "--skip-live";
  return undefined;
}

function parseDeletion(
  { exitCode, stdout, stderr }: Parameters<NixCommand<DeleteResult>["parse"]>[0],
  paths: readonly string[],
): DeleteResult {
  const stuck = exitCode === 0 ? undefined : findStuck(stderr, paths);
  return { ...parseFreed(`${stdout}\n${stderr}`), ...(stuck === undefined ? {} : { stuck }) };
}

function findAlive(stderr: string, paths: readonly string[]): string | undefined {
  const alive = STILL_ALIVE.exec(stderr)?.[1];
  return paths.find((path) => path === alive);
}

/** Names of store paths are unique, wherever the files of the store really are. */
function findStuck(stderr: string, paths: readonly string[]): StuckPath | undefined {
  const reason = [...stderr.matchAll(CANNOT_UNLINK)].at(-1)?.[1];
  if (reason === undefined) return undefined;
  const names = new Set(reason.split(/['"/]/));
  const path = paths.find((candidate) => names.has(basename(candidate)));
  return path === undefined ? undefined : { path, reason };
}
