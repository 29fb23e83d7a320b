import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { linkGeneration, readLinkIfPresent } from "../links.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import { clearStaging } from "./salvage.ts";

/** A toplevel that is published, as one of its host's generations. */
export interface Publication {
  readonly generation: number;
  /** False when the host's newest generation is this very toplevel. */
  readonly isNew: boolean;
}

/**
 * Publishes a toplevel as a generation of its host. At every step at least one GC root holds what is published
 * and what is about to be: the staging root stays until the generation's own is there, and readers switch from one
 * whole result to the next.
 */
export async function publishHost(
  deps: RunDeps,
  run: Run,
  host: string,
  toplevel: string,
): Promise<Publication> {
  const { history, nix, now, places, signal } = deps;
  const newest = history.generations(host).find(({ condemnedAt }) => condemnedAt === undefined);
  const number = history.findGeneration(host, toplevel)?.number ?? history.takeGenerationNumber(host);
  const root = places.generationRoot(host, number);
  if ((await readLinkIfPresent(root)) !== toplevel) {
    await mkdir(dirname(root), { recursive: true });
    await nix.addRoot({ path: toplevel, root, signal });
  }
  history.recordPublication({ run: run.id, host, number, toplevel, at: now() });
  await linkGeneration(places, host, number);
  await clearStaging(deps, run, host);
  return { generation: number, isNew: newest?.toplevel !== toplevel };
}
