import { rm } from "node:fs/promises";
import { dirname } from "node:path";

import { planRetention, type RetentionPath, type RetentionPlan } from "@nix-cache/retention";

import { liveGenerations } from "../live-generations.ts";
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
    history.condemnGeneration(
      { host, number },
      { at: now(), reason: reason.type, plannedBytes: exclusiveBytes },
    );
    log.info({ host, generation: number, reason: reason.type, exclusiveBytes }, "generation dropped");
  }
  await forgetHosts(deps, new Set(drops.map(({ generation }) => generation.host)));
  const { maxCacheSize } = config.builder;
  if (overCap) log.warn({ maxCacheSize }, "over the cap: only protected generations are left");
  return drops.length;
}

/** A host of which nothing is left leaves no link behind, and nothing that was kept for its next success. */
async function forgetHosts({ history, places }: RunDeps, hosts: ReadonlySet<string>): Promise<void> {
  for (const host of hosts) {
    if (liveGenerations(history, host).length > 0) continue;
    await rm(places.resultLink(host), { force: true });
    await rm(dirname(places.salvageRoot(host)), { recursive: true, force: true });
  }
}

async function plan(deps: RunDeps, hosts: readonly string[]): Promise<RetentionPlan> {
  const { config, history, now } = deps;
  const live = history.newestGenerations().flatMap(({ host }) => liveGenerations(history, host));
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
