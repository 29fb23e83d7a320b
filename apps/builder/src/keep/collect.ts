import type { Collection, Generation } from "@nix-cache/history";

import { reasonOf } from "../reason.ts";
import { clearJournal, readJournal, writeJournal } from "./collection-journal.ts";
import { requireRooted, whileHeld } from "./hold-condemned.ts";
import type { KeepingState } from "./keeping-state.ts";
import { type Garbage, measureGarbage } from "./measure-garbage.ts";
import { findLost, isNotEmpty, readFreeBytes } from "./store-state.ts";

const MINUTE_MS = 60 * 1000;

/** Deleting the closures of a host that was removed, or all garbage of a large store, takes its time. */
const COLLECT_TIMEOUT_MS = 12 * 60 * MINUTE_MS;

/** What Nix says that it deleted. */
type Freed = Pick<Collection, "deletedPaths" | "freedBytes">;

/** Dropped generations that are not deleted yet. */
interface Dropped {
  /** Dropped collectGraceMinutes ago or earlier. */
  readonly due: readonly Generation[];
  /** Downloads of these may go on. */
  readonly early: readonly Generation[];
}

/**
 * Deletes what generations alone kept alive that were dropped collectGraceMinutes ago or earlier. The caller holds the
 * run lock, so that no build of ours is going on.
 *
 * @param run the run that does it; absent for `prune`
 * @throws whatever Nix failed with; the history has the failure then, and the next collection does its work
 */
export async function collectCondemned(state: KeepingState, run?: string): Promise<void> {
  const { config, history, now, places } = state;
  const mode = config.builder.collect;
  const { due, early } = await sortDropped(state);
  const unfinished = await readJournal(places);
  if (mode === "none" || (due.length === 0 && unfinished.length === 0)) return;
  const garbage = await measureGarbage(state, {
    unfinished,
    due: toplevelsOf(due),
    early: toplevelsOf(early),
  });
  await writeJournal(places, garbage.paths);
  const planned = { ...(run === undefined ? {} : { run }), mode, plannedBytes: garbage.bytes } as const;
  await recordWork(state, planned, async () => {
    await requireRooted(state);
    return mode === "full" ? collectAll(state, early) : deleteTargets(state, garbage);
  });
  for (const { host, number } of due) history.recordDeletion({ host, number }, now());
  await clearJournal(places);
}

/** What the machine's own collection has deleted needs none of ours. */
async function sortDropped(state: KeepingState): Promise<Dropped> {
  const { config, history, now } = state;
  const dueAt = now().getTime() - config.builder.collectGraceMinutes * MINUTE_MS;
  const condemned = history.condemnedGenerations();
  const lost = await findLost(state, toplevelsOf(condemned));
  const due: Generation[] = [];
  const early: Generation[] = [];
  for (const generation of condemned) {
    const { condemnedAt, host, number, toplevel } = generation;
    if (lost.has(toplevel)) history.recordDeletion({ host, number }, now());
    else if (condemnedAt !== undefined && condemnedAt.getTime() <= dueAt) due.push(generation);
    else early.push(generation);
  }
  return { due, early };
}

function toplevelsOf(generations: readonly Generation[]): readonly string[] {
  return generations.map(({ toplevel }) => toplevel);
}

async function collectAll(state: KeepingState, early: readonly Generation[]): Promise<Freed> {
  const { nix, signal } = state;
  return whileHeld(state, early, () => nix.collectGarbage({ timeoutMs: COLLECT_TIMEOUT_MS, signal }));
}

async function deleteTargets({ log, nix, signal }: KeepingState, { paths }: Garbage): Promise<Freed> {
  if (!isNotEmpty(paths)) return { deletedPaths: 0, freedBytes: 0 };
  const options = { paths, recursive: false, timeoutMs: COLLECT_TIMEOUT_MS, signal };
  const { deletedPaths, freedBytes, kept, stuck } = await nix.deletePaths(options);
  if (kept.length > 0) log.info({ paths: kept.length }, "what something else needs is kept");
  for (const path of stuck) log.warn(path, "store path deleted, but not all of its files");
  return { deletedPaths, freedBytes };
}

async function recordWork(
  state: KeepingState,
  planned: Pick<Collection, "run" | "mode" | "plannedBytes">,
  work: () => Promise<Freed>,
): Promise<void> {
  const { history, log, now } = state;
  const before = { startedAt: now(), freeBytesBefore: await readFreeBytes(state) };
  const record = async (outcome: Freed & Pick<Collection, "reason">): Promise<void> => {
    const after = { finishedAt: now(), freeBytesAfter: await readFreeBytes(state) };
    history.recordCollection({ ...planned, ...before, ...after, ...outcome });
  };
  const freed = await work().catch(async (error: unknown) => {
    await record({ reason: reasonOf(error) });
    throw error;
  });
  await record(freed);
  log.info({ ...planned, ...freed }, "garbage collected");
}
