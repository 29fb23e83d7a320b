import type { Generation } from "@nix-cache/history";

import { formatRepairCommand } from "../keep/repair-published.ts";
import { findLost, readClosures, sumNarSizes } from "../keep/store-state.ts";
import { linkGeneration, linkNewest } from "../links.ts";
import { newestGood } from "../live-generations.ts";
import { addGenerationRoot } from "../roots.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import { recordDiff } from "./record-diff.ts";
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
export async function publishHost(deps: RunDeps, job: PublishJob): Promise<Publication> {
  const { host, toplevel } = job;
  const before = newestGood(deps.history, host);
  const generation = await publish(deps, job);
  await clearStaging(deps, job.run, host);
  const isNew = before?.toplevel !== toplevel;
  if (isNew && before !== undefined) await recordDiff(deps, before, generation);
  return { generation: generation.number, isNew };
}

async function publish(deps: RunDeps, { run, host, toplevel }: PublishJob): Promise<Generation> {
  const { history, now, places } = deps;
  await requireFiles(deps, toplevel);
  const closures = await readClosures(deps, [toplevel]);
  const sizes = {
    narSize: sumNarSizes(closures, [toplevel]),
    closureSize: sumNarSizes(closures, closures.keys()),
  };
  const number = history.findGeneration(host, toplevel)?.number ?? history.takeGenerationNumber(host);
  // Even where the link is there: a link outside Nix's own directory is a root only while Nix has it registered.
  const root = await addGenerationRoot(deps, { host, number, toplevel });
  const publication = { run: run.id, host, number, toplevel, at: now(), ...sizes };
  const generation = history.recordPublication(publication);
  await linkGeneration(places, generation, root);
  await linkNewest(places, host, root);
  history.recordLink({ host, number }, now());
  return generation;
}

/** What Nix takes for built may be gone from the disk: it would be served, and fail. */
async function requireFiles(deps: RunDeps, toplevel: string): Promise<void> {
  const lost = await findLost(deps, [toplevel]);
  if (!lost.has(toplevel)) return;
  const command = formatRepairCommand(deps.config.nix, [toplevel]);
  throw new Error(`the files of ${toplevel} are gone, but Nix has it as valid: run ${command}`);
}
