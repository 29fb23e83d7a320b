import type { GenerationKey } from "@nix-cache/history";

import { findDismissed, type HostState, inspectPublished, type LiveGeneration } from "../keep/inspect.ts";
import type { KeepingState } from "../keep/keeping-state.ts";
import { breakSeal } from "../keep/seal.ts";
import { findLost } from "../keep/store-state.ts";
import { linkGeneration, linkNewest, removeStrayLinks, unlinkGeneration, unlinkNewest } from "../links.ts";
import { newestGood } from "../live-generations.ts";
import { reasonOf } from "../reason.ts";
import { addGenerationRoot, findGenerationRoot, removeGenerationRoots, removeRoot } from "../roots.ts";
import { leaveFallback, removeHeld } from "./tidy-roots.ts";

/** What became of links, roots and history. */
export interface Reconciliation {
  /** What could not be put right, for a person to read. */
  readonly shortcomings: readonly string[];
  /** True where nothing had to be put right. */
  readonly agreed: boolean;
  /** Generations that a person sent away by deleting their links. */
  readonly dismissed: readonly GenerationKey[];
}

/**
 * Makes history, GC roots, links and store agree: no root is forgotten and no number used twice after the history was
 * damaged, what the store has lost is not served, and what a killed publication or removal left undone is done. One
 * host's trouble is not another's.
 */
export async function reconcile(state: KeepingState): Promise<Reconciliation> {
  await removeHeld(state.places);
  const inspection = await inspectPublished(state);
  const { agrees: agreed, hosts, unreadable } = inspection;
  if (!agreed) await breakSeal(state.places);
  const dismissed = findDismissed(inspection);
  const shortcomings = unreadable.map(({ host, reason }) => report(state, host, reason));
  for (const host of hosts) {
    try {
      await adoptUnknown(state, host);
      await restoreHost(state, host, new Set(dismissed.map(nameOf)));
    } catch (error) {
      state.signal.throwIfAborted();
      shortcomings.push(report(state, host.host, reasonOf(error)));
    }
  }
  if (shortcomings.length === 0) shortcomings.push(...(await tidy(state)));
  return { shortcomings, agreed, dismissed };
}

async function tidy(state: KeepingState): Promise<readonly string[]> {
  try {
    await removeStrayLinks(state.places);
    await leaveFallback(state);
    return [];
  } catch (error) {
    state.signal.throwIfAborted();
    const reason = reasonOf(error);
    state.log.error({ reason }, "what is not used any more cannot be removed");
    return [`GC roots or links that are not used any more could not be removed: ${reason}`];
  }
}

function report({ log }: KeepingState, host: string, reason: string): string {
  log.error({ host, reason }, "published generations cannot be put right");
  return `${host}: its published generations could not be put right: ${reason}`;
}

async function adoptUnknown(state: KeepingState, { unknown }: HostState): Promise<void> {
  const { history, log, now, places } = state;
  for (const { host, number, toplevel } of unknown) {
    if (history.findGeneration(host, toplevel) !== undefined) {
      // The same toplevel has a number already: a second root would outlive it.
      await removeGenerationRoots(places, { host, number });
      continue;
    }
    const generation = history.adoptGeneration({ host, number, toplevel, at: now() });
    log.warn({ host, generation: number }, "generation adopted: the history did not know it");
    const isValid = !(await findLost(state, [toplevel])).has(toplevel);
    const root = await findGenerationRoot(places, generation);
    const live = { ...generation, isLinked: false, isValid, ...(root === undefined ? {} : { root }) };
    await restoreGeneration(state, live);
  }
}

async function restoreHost(
  state: KeepingState,
  { host, live, leftOver }: HostState,
  dismissed: ReadonlySet<string>,
): Promise<void> {
  const { history, places } = state;
  for (const generation of live) {
    if (!dismissed.has(nameOf(generation))) await restoreGeneration(state, generation);
  }
  const newest = newestGood(history, host);
  const root = newest && (await findGenerationRoot(places, newest));
  if (root === undefined) await unlinkNewest(places, host);
  else await linkNewest(places, host, root);
  for (const generation of leftOver) {
    await unlinkGeneration(places, generation);
    await removeGenerationRoots(places, generation);
  }
}

async function restoreGeneration(state: KeepingState, generation: LiveGeneration): Promise<void> {
  if (!generation.isValid) return abandonLost(state, generation);
  const { history, log, now, places } = state;
  const { host, number, lostAt } = generation;
  const root = await restoreRoot(state, generation);
  if (lostAt !== undefined) {
    history.clearLost({ host, number });
    log.info({ host, generation: number }, "generation found again");
  }
  await linkGeneration(places, generation, root);
  for (const other of places.generationRoots(host, number)) if (other !== root) await removeRoot(other);
  if (generation.linkedAt === undefined) history.recordLink({ host, number }, now());
}

/** It is not served, and nothing points to it, until its paths are there again. */
async function abandonLost(
  { history, log, now, places }: KeepingState,
  { host, number, toplevel }: LiveGeneration,
): Promise<void> {
  history.markLost({ host, number }, now());
  log.error({ host, generation: number, toplevel }, "generation lost: its store path is gone");
  await unlinkGeneration(places, { host, number });
  await removeGenerationRoots(places, { host, number });
}

async function restoreRoot(state: KeepingState, generation: LiveGeneration): Promise<string> {
  const { config, places } = state;
  const root = places.generationRoot(generation.host, generation.number);
  // A link below Nix's own directory is a root by being there; any other only while Nix has it registered.
  const isDirect = (path: string): boolean => path.startsWith(`${config.nix.stateDir}/gcroots/`);
  const { root: found } = generation;
  const isStillGood = found !== undefined && isDirect(found);
  // While rootsDir cannot be written, what is rooted there is rooted well.
  if (isStillGood && (found === root || !isDirect(root))) return found;
  return addGenerationRoot(state, generation);
}

function nameOf({ host, number }: GenerationKey): string {
  return `${host}/${number}`;
}
