import type { NixCapabilities } from "./capabilities.ts";
import type { NixCommand } from "./command.ts";
import type { CollectGarbageResult } from "./commands/collect-garbage.ts";
import { deleteDead, deleteFromStore, type StuckPath } from "./commands/delete-from-store.ts";
import { findInvalidPaths } from "./commands/find-invalid-paths.ts";
import { listDeadPaths, queryClosure, queryReferrers } from "./commands/query-store.ts";

/** Options of deletePaths. */
export interface DeletePathsOptions {
  readonly paths: readonly [string, ...string[]];
  /** False: only the paths themselves, nothing else of their closures. Default true. */
  readonly recursive?: boolean;
}

/** What a targeted deletion did. */
export interface DeletePathsResult extends CollectGarbageResult {
  /** Those of the paths that were asked for which stay: something alive needs them. */
  readonly kept: readonly string[];
  /** Paths that are gone for Nix, but not all of their files; a full collection tries those again. */
  readonly stuck: readonly StuckPath[];
}

type RunCommand = <Result>(command: NixCommand<Result>) => Promise<Result>;

/** Paths of one command line: 1000 take about 100 KiB of the 2 MiB that Linux allows. */
const MAX_PATHS = 1000;

type Deleted = Omit<DeletePathsResult, "kept">;
const NOTHING: Deleted = { deletedPaths: 0, freedBytes: 0, stuck: [] };

/**
 * Deletes what is dead of paths or of their closures: by a command that skips what is alive where Nix has it, else by
 * picking the dead ones first, which looks at the whole store.
 */
export async function deletePaths(
  run: RunCommand,
  { paths, recursive = true }: DeletePathsOptions,
  capabilities: NixCapabilities,
): Promise<DeletePathsResult> {
  const asked = await listValid(run, paths);
  const closure = await listClosure(run, asked);
  // Referrers first, so that no path of a later command refers to one of an earlier.
  const order = (recursive ? closure : closure.filter((path) => asked.has(path))).toReversed();
  const canSkip = capabilities.deleteSkipAlive || capabilities.deleteClosureSkipLive;
  const chosen = canSkip || order.length === 0 ? order : await selectDead(run, order);
  let deleted = NOTHING;
  for (const chunk of chunksOf(chosen)) {
    deleted = add(deleted, await deleteChunk(run, chunk, capabilities));
  }
  return { ...deleted, kept: [...(await listValid(run, [...asked]))] };
}

/** Selects what is dead and what no path outside needs, dead as well but none of ours: Nix deletes no path before its referrers. */
async function selectDead(run: RunCommand, order: readonly string[]): Promise<readonly string[]> {
  const all = new Set(await run(listDeadPaths()));
  const dead = order.filter((path) => all.has(path));
  const ours = new Set(dead);
  const outside = new Set<string>();
  for (const paths of chunksOf(dead)) {
    for (const path of await run(queryReferrers({ paths }))) if (!ours.has(path)) outside.add(path);
  }
  // Valid ones alone: another collection may be at work.
  const held = new Set(await listClosure(run, await listValid(run, [...outside])));
  return dead.filter((path) => !held.has(path));
}

/** Goes on without what cannot be deleted after all: a root made since, keep-outputs and -derivations, a busy file. */
async function deleteChunk(
  run: RunCommand,
  chunk: readonly string[],
  capabilities: NixCapabilities,
): Promise<Deleted> {
  let deleted = NOTHING;
  let paths = chunk;
  while (paths.length > 0) {
    const command = deleteDead({ paths }, capabilities) ?? deleteFromStore({ paths });
    const { alive, stuck, ...freed } = await run(command);
    deleted = add(deleted, { ...freed, stuck: stuck === undefined ? [] : [stuck] });
    if (alive === undefined && stuck === undefined) break;
    const needed = new Set(alive === undefined ? [] : await run(queryClosure({ paths: [alive] })));
    const left = await listValid(run, paths);
    paths = paths.filter((path) => left.has(path) && !needed.has(path) && path !== stuck?.path);
  }
  return deleted;
}

async function listValid(run: RunCommand, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const valid = new Set(paths);
  for (const chunk of chunksOf(paths)) {
    for (const path of await run(findInvalidPaths({ paths: chunk }))) valid.delete(path);
  }
  return valid;
}

/** References before referrers: a chunk's closure is whole, so that nothing in it refers to what comes after. */
async function listClosure(run: RunCommand, paths: ReadonlySet<string>): Promise<readonly string[]> {
  const closure = new Set<string>();
  for (const chunk of chunksOf([...paths])) {
    for (const path of await run(queryClosure({ paths: chunk }))) closure.add(path);
  }
  return [...closure];
}

function add(a: Deleted, b: Deleted): Deleted {
  return {
    deletedPaths: a.deletedPaths + b.deletedPaths,
    freedBytes: a.freedBytes + b.freedBytes,
    stuck: [...a.stuck, ...b.stuck],
  };
}

function* chunksOf(paths: readonly string[]): Generator<readonly [string, ...string[]]> {
  for (let start = 0; start < paths.length; start += MAX_PATHS) {
    const [first, ...others] = paths.slice(start, start + MAX_PATHS);
    if (first !== undefined) yield [first, ...others];
  }
}
