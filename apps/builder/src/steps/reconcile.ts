import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { isErrno } from "../errno.ts";
import { linkGeneration, readLinkIfPresent } from "../links.ts";
import type { RunDeps } from "../run-deps.ts";
import { removeScratch } from "../run.ts";

const GENERATION = /^[1-9][0-9]{0,8}$/;

/**
 * Cleans up after runs that were killed, and makes the history know every generation that is rooted: a number is
 * never used twice, and no root is forgotten, even after the history was damaged.
 */
export async function reconcile(deps: RunDeps): Promise<void> {
  const { history, log, places } = deps;
  if (history.damagedFile !== undefined) {
    log.error({ setAside: history.damagedFile }, "history damaged: a new one is started");
  }
  for (const run of history.markKilledRuns(
    "it ended without a result: it was killed, or the machine went down",
  )) {
    log.warn({ run: run.id }, "earlier run was killed");
    await removeScratch(places.runDir(run.id));
  }
  await rm(places.stagingDir, { recursive: true, force: true });
  await adoptUnknownRoots(deps);
  await restoreNewest(deps);
}

/** A run that was killed while it published may have left the root of the newest generation without its links. */
async function restoreNewest({ history, nix, places, signal }: RunDeps): Promise<void> {
  for (const { host, number, toplevel } of history.newestGenerations()) {
    const root = places.generationRoot(host, number);
    if ((await readLinkIfPresent(root)) !== toplevel) {
      const lost = await nix.findInvalidPaths({ paths: [toplevel], signal });
      if (lost.length > 0) continue;
      await mkdir(dirname(root), { recursive: true });
      await nix.addRoot({ path: toplevel, root, signal });
    }
    await linkGeneration(places, host, number);
  }
}

async function adoptUnknownRoots({ config, history, log, now, places }: RunDeps): Promise<void> {
  for (const host of await listNames(config.builder.rootsDir)) {
    const known = new Set(history.generations(host).map(({ number }) => number));
    for (const name of await listNames(`${config.builder.rootsDir}/${host}`)) {
      const number = Number(name);
      if (!GENERATION.test(name) || known.has(number)) continue;
      const toplevel = await readLinkIfPresent(places.generationRoot(host, number));
      if (toplevel === undefined || history.findGeneration(host, toplevel) !== undefined) continue;
      history.adoptGeneration({ host, number, toplevel, at: now() });
      log.warn({ host, generation: number }, "generation adopted: the history did not know it");
    }
  }
}

/** Names in a directory, those with a leading dot apart; none when it does not exist. */
async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return [];
    throw error;
  }
}
