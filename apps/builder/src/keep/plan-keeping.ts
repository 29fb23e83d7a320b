import type { BuilderConfig } from "@nix-cache/config";
import type { Generation, GenerationKey } from "@nix-cache/history";
import {
  planRetention,
  type RetentionGeneration,
  type RetentionPlan,
  type RetentionPolicy,
} from "@nix-cache/retention";

import { BYTES_PER_GB } from "../gigabyte.ts";
import { liveGenerations } from "../live-generations.ts";
import type { KeepingHistory, KeepingView } from "./keeping-state.ts";
import { readForeignRoots } from "./read-roots.ts";
import { findLost, readClosures, readFreeBytes, walkClosure } from "./store-state.ts";
import { tryTwice } from "./try-twice.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** What the configuration says about keeping, each a whole number. */
export type KeepingLimits = Pick<
  BuilderConfig,
  "keepGenerations" | "maxCacheSize" | "minFreeSpace" | "graceHours" | "removedHostDays"
>;

/** What a plan is made for. */
export interface KeepingOptions {
  /** Generations that a person sent away. */
  readonly dismissed: readonly GenerationKey[];
  readonly limits: KeepingLimits;
}

/** What to keep and what to drop, and what the disk has. */
export interface KeepingPlan extends RetentionPlan {
  /** Store paths that stay. */
  readonly rootedPaths: number;
  /** Bytes free on the store's disk, those included that what was dropped before will free. */
  readonly freeBytes: number;
  /** Generations whose store paths are gone; they are given graceHours to come back, as with a disk. */
  readonly missing: readonly Generation[];
}

/** Decides which generations stay, from the history, the store and the configuration; changes nothing. */
export async function planKeeping(view: KeepingView, options: KeepingOptions): Promise<KeepingPlan> {
  return tryTwice(view, () => plan(view, options));
}

async function plan(view: KeepingView, options: KeepingOptions): Promise<KeepingPlan> {
  const { config, history, now } = view;
  const { good, givenUp, missing } = await sortByStore(view, options.limits);
  const otherRoots = await readForeignRoots(view);
  const lost = await findLost(view, otherRoots);
  const others = otherRoots.filter((path) => !lost.has(path));
  const closures = await readClosures(view, [...good.map(({ toplevel }) => toplevel), ...others]);
  const freeBytes = (await readFreeBytes(view)) + sumPlanned(history);
  const retention = planRetention({
    generations: [
      ...good.map((generation) => describe(generation, { ...options, good: true })),
      ...givenUp.map((generation) => describe(generation, { ...options, good: false })),
    ],
    closures,
    policy: toPolicy(options.limits),
    configuredHosts: configuredHosts(config.builder, history),
    lastConfiguredAt: history.lastAttempts(),
    otherRoots: new Set(others),
    freeBytes,
    now: now(),
  });
  const kept = retention.decisions.filter(({ type, generation }) => type === "keep" && generation.good);
  const toplevels = kept.map(({ generation }) => generation.toplevel);
  return { ...retention, rootedPaths: walkClosure(closures, toplevels).size, freeBytes, missing };
}

/** The published generations, by what the store has of them. */
interface Sorted {
  readonly good: readonly Generation[];
  /** Missing for so long that they do not come back. */
  readonly givenUp: readonly Generation[];
  readonly missing: readonly Generation[];
}

async function sortByStore(view: KeepingView, { graceHours }: KeepingLimits): Promise<Sorted> {
  const { history, now } = view;
  const live = history.hosts().flatMap((host) => liveGenerations(history, host));
  const toplevels = live.map(({ toplevel }) => toplevel);
  const lost = await findLost(view, toplevels);
  const givenUpAt = now().getTime() - graceHours * HOUR_MS;
  const isGivenUp = ({ lostAt }: Generation): boolean =>
    lostAt !== undefined && lostAt.getTime() <= givenUpAt;
  const isGood = ({ toplevel }: Generation): boolean => !lost.has(toplevel);
  return {
    good: live.filter(isGood),
    givenUp: live.filter((generation) => !isGood(generation) && isGivenUp(generation)),
    missing: live.filter((generation) => !isGood(generation) && !isGivenUp(generation)),
  };
}

function describe(
  { host, lastPublication, lastVerifiedAt: publishedAt, number, pinned, toplevel }: Generation,
  { dismissed, good }: Pick<KeepingOptions, "dismissed"> & Pick<RetentionGeneration, "good">,
): RetentionGeneration {
  const isDismissed = dismissed.some((key) => key.host === host && key.number === number);
  const generation = { host, number, toplevel, publishedAt, lastPublication, pinned, good };
  return isDismissed ? { ...generation, dismissed: true } : generation;
}

function toPolicy(limits: KeepingLimits): RetentionPolicy {
  return {
    keepGenerations: limits.keepGenerations,
    maxCacheSizeBytes: limits.maxCacheSize * BYTES_PER_GB,
    minFreeBytes: limits.minFreeSpace * BYTES_PER_GB,
    graceMs: limits.graceHours * HOUR_MS,
    removedHostMs: limits.removedHostDays * DAY_MS,
  };
}

/** With `*`, those of the last run that asked the flake; before any did, no host counts as removed. */
function configuredHosts({ hosts }: BuilderConfig, history: KeepingHistory): ReadonlySet<string> {
  return new Set(hosts.includes("*") ? (history.latestConfiguredHosts() ?? history.hosts()) : hosts);
}

function sumPlanned(history: KeepingHistory): number {
  return history
    .condemnedGenerations()
    .reduce((bytes, generation) => bytes + (generation.plannedBytes ?? 0), 0);
}
