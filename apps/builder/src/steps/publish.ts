import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { linkGeneration } from "../links.ts";
import { liveGenerations } from "../live-generations.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import { clearStaging } from "./salvage.ts";

/** A toplevel to publish. */
export interface PublishJob {
  readonly run: Run;
  readonly host: string;
  readonly toplevel: string;
}

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
export async function publishHost(deps: RunDeps, { run, host, toplevel }: PublishJob): Promise<Publication> {
  const { history, nix, now, places, signal } = deps;
  const [newest] = liveGenerations(history, host);
  const number = history.findGeneration(host, toplevel)?.number ?? history.takeGenerationNumber(host);
  const root = places.generationRoot(host, number);
  await mkdir(dirname(root), { recursive: true });
  // Even where the link is there: a link outside Nix's own directory is a root only while Nix has it registered.
  await nix.addRoot({ path: toplevel, root, signal });
  history.recordPublication({ run: run.id, host, number, toplevel, at: now() });
  await linkGeneration(places, host, number);
  await clearStaging(deps, run, host);
  return { generation: number, isNew: newest?.toplevel !== toplevel };
}
