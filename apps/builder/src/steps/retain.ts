import { rm } from "node:fs/promises";

import { planRetention, type RetentionPath, type RetentionPlan } from "@nix-cache/retention";

import type { RunDeps } from "../run-deps.ts";

const BYTES_PER_GB = 1e9;

/**
 * Lets go of the generations that the policy does not keep: their links and GC roots go, and with them the
 * protection. The store's own garbage collection frees the bytes.
 *
 * @returns how many generations were let go
 */
export async function retainGenerations(deps: RunDeps, hosts: readonly string[]): Promise<number> {
  const { config, history, log, now, places } = deps;
  const { drops, overCap } = await plan(deps, hosts);
  for (const { generation, reason, exclusiveBytes } of drops) {
    const { host, number } = generation;
    await rm(places.generationLink(host, number), { force: true });
    await rm(places.generationRoot(host, number), { force: true });
    history.condemnGeneration({ host, number }, now());
    log.info({ host, generation: number, reason: reason.type, exclusiveBytes }, "generation dropped");
  }
  const { maxCacheSize } = config.builder;
  if (overCap) log.warn({ maxCacheSize }, "over the cap: only protected generations are left");
  return drops.length;
}

async function plan(deps: RunDeps, hosts: readonly string[]): Promise<RetentionPlan> {
  const { config, history, now } = deps;
  const live = history
    .newestGenerations()
    .flatMap(({ host }) => history.generations(host))
    .filter(({ condemnedAt }) => condemnedAt === undefined);
  const toplevels = [...new Set(live.map(({ toplevel }) => toplevel))];
  const lost = new Set(await findLost(deps, toplevels));
  const valid = toplevels.filter((toplevel) => !lost.has(toplevel));
  return planRetention({
    generations: live.map(({ lastVerifiedAt, ...generation }) => ({
      ...generation,
      publishedAt: lastVerifiedAt,
      good: !lost.has(generation.toplevel),
    })),
    closures: await readClosures(deps, valid),
    policy: {
      keepGenerations: config.builder.keepGenerations,
      maxCacheSizeBytes: config.builder.maxCacheSize * BYTES_PER_GB,
    },
    configuredHosts: new Set(hosts),
    lastConfiguredAt: history.lastAttempts(),
    now: now(),
  });
}

async function findLost({ nix, signal }: RunDeps, toplevels: readonly string[]): Promise<readonly string[]> {
  return isNotEmpty(toplevels) ? nix.findInvalidPaths({ paths: toplevels, signal }) : [];
}

async function readClosures(
  { nix, signal }: RunDeps,
  toplevels: readonly string[],
): Promise<ReadonlyMap<string, RetentionPath>> {
  if (!isNotEmpty(toplevels)) return new Map();
  const { valid } = await nix.pathInfo({ paths: toplevels, recursive: true, signal });
  return new Map(valid.map((info) => [info.path, info]));
}

function isNotEmpty(paths: readonly string[]): paths is readonly [string, ...string[]] {
  return paths.length > 0;
}
