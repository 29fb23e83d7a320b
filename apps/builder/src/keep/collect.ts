import type { Collection, Generation } from "@nix-cache/history";
import { NixError } from "@nix-cache/nix-exec";

import { reasonOf } from "../reason.ts";
import { clearJournal, readJournal, writeJournal } from "./collection-journal.ts";
import { requireRooted, whileHeld } from "./hold-condemned.ts";
import type { KeepingState } from "./keeping-state.ts";
import { readOtherRoots } from "./other-roots.ts";
import {
  findLost,
  isNotEmpty,
  readClosures,
  readFreeBytes,
  sumNarSizes,
  walkClosure,
} from "./store-state.ts";

const MINUTE_MS = 60 * 1000;

/** Deleting the closures of a host that was removed, or all garbage of a large store, takes its time. */
const COLLECT_TIMEOUT_MS = 12 * 60 * MINUTE_MS;

/** Store paths of one call: 1000 take about 100 KiB of the 2 MiB that Linux allows. */
const MAX_PATHS = 1000;

/** What dropped generations leave to delete. */
interface Garbage {
  /** Toplevels of the generations, those that the store has. */
  readonly toplevels: readonly string[];
  /** What only they need, as far as the builder knows. */
  readonly paths: readonly string[];
  readonly bytes: number;
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
  const condemned = await settleDeleted(state);
  const dueAt = now().getTime() - config.builder.collectGraceMinutes * MINUTE_MS;
  const isDue = ({ condemnedAt }: Generation): boolean => (condemnedAt?.getTime() ?? 0) <= dueAt;
  const due = condemned.filter(isDue);
  const unfinished = await readJournal(places);
  if (mode === "none" || (due.length === 0 && unfinished.length === 0)) return;
  const early = condemned.filter((generation) => !isDue(generation));
  const toplevels = [...new Set(due.map(({ toplevel }) => toplevel))];
  const garbage = await measureGarbage(state, toplevels, early);
  await writeJournal(places, [...new Set([...unfinished, ...garbage.paths])]);
  const record = { ...(run === undefined ? {} : { run }), mode, plannedBytes: garbage.bytes } as const;
  await recordWork(state, record, async () => {
    await requireRooted(state);
    return whileHeld(state, early, () =>
      mode === "full"
        ? state.nix.collectGarbage({ timeoutMs: COLLECT_TIMEOUT_MS, signal: state.signal })
        : deleteTargets(state, [...toplevels, ...unfinished]),
    );
  });
  for (const { host, number } of due) history.recordDeletion({ host, number }, now());
  await clearJournal(places);
}

/** What the machine's own collection has deleted needs none of ours. */
async function settleDeleted(state: KeepingState): Promise<readonly Generation[]> {
  const { history, now } = state;
  const condemned = history.condemnedGenerations();
  const lost = await findLost(
    state,
    condemned.map(({ toplevel }) => toplevel),
  );
  const [gone, left] = [true, false].map((isGone) =>
    condemned.filter(({ toplevel }) => lost.has(toplevel) === isGone),
  );
  for (const { host, number } of gone ?? []) history.recordDeletion({ host, number }, now());
  return left ?? [];
}

/** A collection of the machine's own may run meanwhile: what it deletes is looked up no more the second time. */
async function measureGarbage(
  state: KeepingState,
  dropped: readonly string[],
  early: readonly Generation[],
): Promise<Garbage> {
  const others = [...(await readOtherRoots(state)), ...early.map(({ toplevel }) => toplevel)];
  const measure = async (): Promise<Garbage> => {
    const lost = await findLost(state, [...dropped, ...others]);
    const toplevels = dropped.filter((path) => !lost.has(path));
    const kept = others.filter((path) => !lost.has(path));
    const closures = await readClosures(state, [...toplevels, ...kept]);
    const paths = [...walkClosure(closures, toplevels).difference(walkClosure(closures, kept))];
    return { toplevels, paths, bytes: sumNarSizes(closures, paths) };
  };
  try {
    return await measure();
  } catch (error) {
    if (!(error instanceof NixError)) throw error;
    state.signal.throwIfAborted();
    return await measure();
  }
}

async function deleteTargets(
  { nix, signal }: KeepingState,
  paths: readonly string[],
): Promise<Pick<Collection, "deletedPaths" | "freedBytes">> {
  let [deletedPaths, freedBytes] = [0, 0];
  for (let start = 0; start < paths.length; start += MAX_PATHS) {
    const chunk = paths.slice(start, start + MAX_PATHS);
    if (!isNotEmpty(chunk)) break;
    const freed = await nix.deletePaths({ paths: chunk, timeoutMs: COLLECT_TIMEOUT_MS, signal });
    deletedPaths += freed.deletedPaths;
    freedBytes += freed.freedBytes;
  }
  return { deletedPaths, freedBytes };
}

async function recordWork(
  state: KeepingState,
  planned: Pick<Collection, "run" | "mode" | "plannedBytes">,
  work: () => Promise<Pick<Collection, "deletedPaths" | "freedBytes">>,
): Promise<void> {
  const { history, log, now } = state;
  const before = { startedAt: now(), freeBytesBefore: await readFreeBytes(state) };
  const record = async (outcome: Partial<Collection>): Promise<void> => {
    const after = { finishedAt: now(), freeBytesAfter: await readFreeBytes(state) };
    history.recordCollection({ ...planned, ...before, ...after, ...outcome });
    log.info({ ...planned, ...outcome }, "garbage collected");
  };
  const outcome = await work().catch(async (error: unknown) => {
    await record({ reason: reasonOf(error) });
    throw error;
  });
  await record(outcome);
}
