import type { BuilderConfig } from "@nix-cache/config";
import type { Generation, GenerationKey } from "@nix-cache/history";
import { planRetention, type RetentionPlan, type RetentionPolicy } from "@nix-cache/retention";

import { liveGenerations } from "../live-generations.ts";
import type { KeepingHistory, KeepingView } from "./keeping-state.ts";
import { findLost, readClosures, readFreeBytes, walkClosure } from "./store-state.ts";

const BYTES_PER_GB = 1e9;
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
export async function planKeeping(
  view: KeepingView,
  { dismissed, limits }: KeepingOptions,
): Promise<KeepingPlan> {
  const { config, history, now } = view;
  const live = history.hosts().flatMap((host) => liveGenerations(history, host));
  const lost = await findLost(
    view,
    live.map(({ toplevel }) => toplevel),
  );
  const isGood = ({ toplevel }: Generation): boolean => !lost.has(toplevel);
  const givenUpAt = now().getTime() - limits.graceHours * HOUR_MS;
  const isMissing = (generation: Generation): boolean =>
    !isGood(generation) && (generation.lostAt === undefined || generation.lostAt.getTime() > givenUpAt);
  const closures = await readClosures(
    view,
    live.filter(isGood).map(({ toplevel }) => toplevel),
  );
  const isDismissed = ({ host, number }: Generation): boolean =>
    dismissed.some((key) => key.host === host && key.number === number);
  const freeBytes = (await readFreeBytes(view)) + plannedBytes(history);
  const plan = planRetention({
    generations: live
      .filter((generation) => !isMissing(generation))
      .map((generation) => ({
        host: generation.host,
        number: generation.number,
        toplevel: generation.toplevel,
        publishedAt: generation.lastVerifiedAt,
        lastPublication: generation.lastPublication,
        pinned: generation.pinned,
        good: isGood(generation),
        ...(isDismissed(generation) ? { dismissed: true } : {}),
      })),
    closures,
    policy: toPolicy(limits),
    configuredHosts: configuredHosts(config.builder, history),
    lastConfiguredAt: history.lastAttempts(),
    freeBytes,
    now: now(),
  });
  const kept = plan.decisions.filter(({ type, generation }) => type === "keep" && generation.good);
  const rooted = walkClosure(
    closures,
    kept.map(({ generation }) => generation.toplevel),
  );
  return { ...plan, rootedPaths: rooted.size, freeBytes, missing: live.filter(isMissing) };
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

function plannedBytes(history: KeepingHistory): number {
  return history
    .condemnedGenerations()
    .reduce((bytes, generation) => bytes + (generation.plannedBytes ?? 0), 0);
}
