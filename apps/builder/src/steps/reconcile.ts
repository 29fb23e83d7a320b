import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import type { Generation } from "@nix-cache/history";

import { linkGeneration, listNames, readLinkIfPresent } from "../links.ts";
import { liveGenerations } from "../live-generations.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import { removeScratch } from "../run.ts";

const GENERATION = /^[1-9][0-9]{0,8}$/;

/** Runs whose scratch may be left, counted back from the newest: killed ones are marked one run later. */
const RECENT_RUNS = 100;

/** Marks runs that were killed as such, and removes what only they needed. Call it before a run starts. */
export async function closeKilledRuns({ history, log, places }: RunDeps): Promise<void> {
  if (history.damagedFile !== undefined) {
    log.error({ setAside: history.damagedFile }, "history damaged: a new one is started");
  }
  const killed = history.runs(RECENT_RUNS).filter(({ status }) => status === "RUNNING");
  for (const run of killed) {
    log.warn({ run: run.id }, "earlier run was killed");
    await removeScratch(places.runDir(run.id));
  }
  history.markKilledRuns("it ended without a result: it was killed, or the machine went down");
}

/**
 * Makes history, GC roots and links agree: no root is forgotten and no number used twice after the history was
 * damaged, and what a killed publication left undone is done. One host's trouble is not another's.
 *
 * @returns what could not be put right, for a person to read
 */
export async function reconcile(deps: RunDeps): Promise<readonly string[]> {
  const hosts = new Set([
    ...(await listNames(deps.config.builder.rootsDir)),
    ...deps.history.newestGenerations().map(({ host }) => host),
  ]);
  const shortcomings: string[] = [];
  for (const host of hosts) {
    try {
      await adoptUnknownRoots(deps, host);
      await restoreHost(deps, host);
    } catch (error) {
      deps.signal.throwIfAborted();
      const reason = reasonOf(error);
      deps.log.error({ host, reason }, "published generations cannot be put right");
      shortcomings.push(`${host}: its published generations could not be put right: ${reason}`);
    }
  }
  return shortcomings;
}

async function adoptUnknownRoots(
  { config, history, log, now, places }: RunDeps,
  host: string,
): Promise<void> {
  const known = new Set(history.generations(host).map(({ number }) => number));
  for (const name of await listNames(`${config.builder.rootsDir}/${host}`)) {
    const number = Number(name);
    if (!GENERATION.test(name) || known.has(number)) continue;
    const toplevel = await readLinkIfPresent(places.generationRoot(host, number));
    if (toplevel === undefined || !toplevel.startsWith(`${config.nix.storeDir}/`)) continue;
    if (history.findGeneration(host, toplevel) !== undefined) continue;
    history.adoptGeneration({ host, number, toplevel, at: now() });
    log.warn({ host, generation: number }, "generation adopted: the history did not know it");
  }
}

async function restoreHost(deps: RunDeps, host: string): Promise<void> {
  const [newest, ...older] = liveGenerations(deps.history, host);
  if (newest === undefined) return;
  for (const generation of [newest, ...older]) await restoreRoot(deps, generation);
  await linkGeneration(deps.places, host, newest.number);
}

async function restoreRoot({ config, nix, places, signal }: RunDeps, generation: Generation): Promise<void> {
  const { host, number, toplevel } = generation;
  const root = places.generationRoot(host, number);
  // A link below Nix's own directory is a root by being there; any other only while Nix has it registered.
  const isDirect = root.startsWith(`${config.nix.stateDir}/gcroots/`);
  if (isDirect && (await readLinkIfPresent(root)) === toplevel) return;
  const lost = await nix.findInvalidPaths({ paths: [toplevel], signal });
  if (lost.length > 0) return;
  await mkdir(dirname(root), { recursive: true });
  await nix.addRoot({ path: toplevel, root, signal });
}
