import type { NixCapabilities } from "./capabilities.ts";
import type { NixCommand } from "./command.ts";
import type { CollectGarbageResult } from "./commands/collect-garbage.ts";
import { deleteDeadInClosure, deleteFromStore } from "./commands/delete-from-store.ts";
import { findInvalidPaths } from "./commands/find-invalid-paths.ts";
import { listDeadPaths, queryClosure, queryReferrers } from "./commands/query-store.ts";

/** Options of deletePaths. */
export interface DeletePathsOptions {
  readonly paths: readonly [string, ...string[]];
}

/** What a targeted deletion did. */
export interface DeletePathsResult extends CollectGarbageResult {
  /** Those of the paths that were asked for which stay: something alive needs them. */
  readonly kept: readonly string[];
}

type RunCommand = <Result>(command: NixCommand<Result>) => Promise<Result>;

/** Paths of one command line: 1000 take about 100 KiB of the 2 MiB that Linux allows. */
const MAX_PATHS = 1000;

/**
 * Deletes what is dead in the closures of paths: by one command where Nix has it, else by picking the dead ones
 * from the closure, which looks at the whole store.
 */
export async function deletePaths(
  run: RunCommand,
  { paths }: DeletePathsOptions,
  capabilities: NixCapabilities,
): Promise<DeletePathsResult> {
  const invalid = new Set(await run(findInvalidPaths({ paths })));
  const [first, ...others] = paths.filter((path) => !invalid.has(path));
  if (first === undefined) return { deletedPaths: 0, freedBytes: 0, kept: [] };
  const valid = [first, ...others] as const;
  const command = deleteDeadInClosure({ paths: valid }, capabilities);
  const freed = await (command === undefined ? deleteDead(run, valid) : run(command));
  const gone = new Set(await run(findInvalidPaths({ paths: valid })));
  return { ...freed, kept: valid.filter((path) => !gone.has(path)) };
}

async function deleteDead(run: RunCommand, paths: readonly string[]): Promise<CollectGarbageResult> {
  const closure = await run(queryClosure({ paths }));
  const all = new Set(await run(listDeadPaths()));
  const dead = closure.filter((path) => all.has(path));
  const held = await findHeld(run, dead);
  const sum = { deletedPaths: 0, freedBytes: 0 };
  // Referrers first, so that no path of a later command refers to one of an earlier.
  const order = dead.filter((path) => !held.has(path)).toReversed();
  for (const chunk of chunksOf(order)) {
    const { deletedPaths, freedBytes } = await deleteChunk(run, chunk);
    sum.deletedPaths += deletedPaths;
    sum.freedBytes += freedBytes;
  }
  return sum;
}

/** Dead paths that a path outside needs, dead as well but none of ours: Nix deletes no path before its referrers. */
async function findHeld(run: RunCommand, dead: readonly string[]): Promise<ReadonlySet<string>> {
  const ours = new Set(dead);
  const outside = new Set<string>();
  for (const paths of chunksOf(dead)) {
    for (const path of await run(queryReferrers({ paths }))) if (!ours.has(path)) outside.add(path);
  }
  const held = new Set<string>();
  for (const paths of chunksOf([...outside])) {
    for (const path of await run(queryClosure({ paths }))) held.add(path);
  }
  return held;
}

/** Goes on without what turns out to be alive after all: a root made since, or the settings keep-outputs and -derivations. */
async function deleteChunk(run: RunCommand, chunk: readonly string[]): Promise<CollectGarbageResult> {
  const sum = { deletedPaths: 0, freedBytes: 0 };
  let paths = chunk;
  while (paths.length > 0) {
    const { alive, deletedPaths, freedBytes } = await run(deleteFromStore({ paths }));
    sum.deletedPaths += deletedPaths;
    sum.freedBytes += freedBytes;
    if (alive === undefined) break;
    const kept = new Set([alive, ...(await run(queryClosure({ paths: [alive] })))]);
    const gone = await run(findInvalidPaths({ paths: [alive, ...paths] }));
    for (const path of gone) kept.add(path);
    paths = paths.filter((path) => !kept.has(path));
  }
  return sum;
}

function chunksOf(paths: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(paths.length / MAX_PATHS);
  return Array.from({ length: count }, (_, index) => paths.slice(index * MAX_PATHS, (index + 1) * MAX_PATHS));
}
