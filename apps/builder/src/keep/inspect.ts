import { isHostName } from "@nix-cache/config";
import type { Generation } from "@nix-cache/history";

import { listNames, readLinkIfPresent } from "../links.ts";
import { liveGenerations } from "../live-generations.ts";
import { reasonOf } from "../reason.ts";
import { findGenerationRoot, type RootedGeneration } from "../roots.ts";
import type { KeepingView } from "./keeping-state.ts";
import { isSealed } from "./seal.ts";
import { findLost } from "./store-state.ts";

const GENERATION = /^[1-9][0-9]{0,8}$/;

/** A generation that the history has as published, and what is there of it. */
export interface LiveGeneration extends Generation {
  /** Its GC root; absent when there is none. */
  readonly root?: string;
  /** Whether it has a link in cacheDir, wherever that points. */
  readonly isLinked: boolean;
  /** Whether the store has its toplevel. */
  readonly isValid: boolean;
}

/** How links, roots and history of a host stand. */
export interface HostState {
  readonly host: string;
  /** The newest first. */
  readonly live: readonly LiveGeneration[];
  /** Generations that have a root and that the history does not know, by number. */
  readonly unknown: readonly RootedGeneration[];
  /** Condemned generations of which a root or a link is left. */
  readonly leftOver: readonly Generation[];
}

/** How everything that is published stands. */
export interface Inspection {
  readonly hosts: readonly HostState[];
  /** Hosts that cannot be looked at, and why. */
  readonly unreadable: readonly { readonly host: string; readonly reason: string }[];
  /** True where there is nothing to put right but links that are missing: a person removed them. */
  readonly agrees: boolean;
}

/** What is found of a host without asking the store. */
type Findings = Omit<HostState, "live"> & { readonly live: readonly Omit<LiveGeneration, "isValid">[] };

/** Compares links, roots, history and store, and changes nothing. */
export async function inspectPublished(view: KeepingView): Promise<Inspection> {
  const findings: Findings[] = [];
  const unreadable: { host: string; reason: string }[] = [];
  for (const host of await listHosts(view)) {
    try {
      findings.push(await inspectHost(view, host));
    } catch (error) {
      unreadable.push({ host, reason: reasonOf(error) });
    }
  }
  const toplevels = findings.flatMap(({ live }) => live.map(({ toplevel }) => toplevel));
  const lost = await findLost(view, toplevels);
  const hosts = findings.map(({ live, ...rest }) => ({
    ...rest,
    live: live.map((generation) => ({ ...generation, isValid: !lost.has(generation.toplevel) })),
  }));
  const agrees =
    unreadable.length === 0 && hosts.every((host) => isInOrder(host)) && (await isSealed(view.places));
  return { hosts, unreadable, agrees };
}

/**
 * Which generations a person sent away by deleting their links: those that had one, while nothing else is amiss.
 * A host's newest and a pinned one are not sent away like that.
 */
export function findDismissed({ agrees, hosts }: Inspection): readonly LiveGeneration[] {
  if (!agrees) return [];
  return hosts.flatMap(({ live }) => {
    const newest = live.find(({ isValid }) => isValid);
    return live.filter(
      (generation) =>
        generation !== newest &&
        generation.isValid &&
        !generation.isLinked &&
        !generation.pinned &&
        generation.linkedAt !== undefined,
    );
  });
}

async function listHosts({ history, places }: KeepingView): Promise<ReadonlySet<string>> {
  const names = await Promise.all(places.rootsDirs.map(listNames));
  return new Set([...names.flat().filter(isHostName), ...history.hosts()]);
}

async function inspectHost(view: KeepingView, host: string): Promise<Findings> {
  const { history, places } = view;
  const generations = history.generations(host);
  const live = liveGenerations(history, host).map(async (generation) => {
    const root = await findGenerationRoot(places, generation);
    const link = await readLinkIfPresent(places.generationLink(host, generation.number));
    return { ...generation, isLinked: link !== undefined, ...(root === undefined ? {} : { root }) };
  });
  const condemned = generations.filter(({ condemnedAt }) => condemnedAt !== undefined);
  const leftOver = await Promise.all(
    condemned.map(async (generation) => ((await hasTraces(view, generation)) ? [generation] : [])),
  );
  const known = new Set(generations.map(({ number }) => number));
  return {
    host,
    live: await Promise.all(live),
    unknown: await findUnknown(view, host, known),
    leftOver: leftOver.flat(),
  };
}

async function hasTraces({ places }: KeepingView, { host, number }: Generation): Promise<boolean> {
  const traces = [...places.generationRoots(host, number), places.generationLink(host, number)];
  const targets = await Promise.all(traces.map(readLinkIfPresent));
  return targets.some((target) => target !== undefined);
}

async function findUnknown(
  { config, places }: KeepingView,
  host: string,
  known: ReadonlySet<number>,
): Promise<readonly RootedGeneration[]> {
  const names = await Promise.all(places.rootsDirs.map((directory) => listNames(`${directory}/${host}`)));
  const numbers = new Set(names.flat().filter(GENERATION.test.bind(GENERATION)).map(Number));
  const unknown: RootedGeneration[] = [];
  for (const number of [...numbers.difference(known)].toSorted((a, b) => a - b)) {
    const targets = await Promise.all(places.generationRoots(host, number).map(readLinkIfPresent));
    const toplevel = targets.find((target) => target?.startsWith(`${config.nix.storeDir}/`));
    if (toplevel !== undefined) unknown.push({ host, number, toplevel });
  }
  return unknown;
}

function isInOrder({ live, unknown, leftOver }: HostState): boolean {
  return unknown.length === 0 && leftOver.length === 0 && live.every(isSound);
}

function isSound({ isValid, lostAt, root }: LiveGeneration): boolean {
  return isValid === (root !== undefined) && isValid === (lostAt === undefined);
}
