import { rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { DropDecision } from "@nix-cache/retention";

import { linkNewest, unlinkGeneration, unlinkNewest } from "../links.ts";
import { liveGenerations, newestGood } from "../live-generations.ts";
import { findGenerationRoot, removeGenerationRoots } from "../roots.ts";
import { describeDecision } from "./describe-decision.ts";
import type { KeepingState } from "./keeping-state.ts";

/**
 * Lets go of a generation: from now on its paths are garbage, and are deleted once downloads had time to end. The
 * history knows first: whatever is left when this is killed is removed by the next command.
 */
export async function condemn(state: KeepingState, decision: DropDecision): Promise<void> {
  const { history, log, now, places } = state;
  const { freeableBytes, generation } = decision;
  const { host, number } = generation;
  const reason = describeDecision(decision);
  history.condemnGeneration({ host, number }, { at: now(), reason, plannedBytes: freeableBytes });
  await relinkNewest(state, host);
  await unlinkGeneration(places, { host, number });
  await removeGenerationRoots(places, { host, number });
  log.info({ host, generation: number, reason, plannedBytes: freeableBytes }, "generation dropped");
  if (liveGenerations(history, host).length > 0) return;
  // Nothing waits for the next success of a host of which nothing is left.
  await rm(dirname(places.salvageRoot(host)), { recursive: true, force: true });
}

/** Before its root goes: the newest result never points to nothing. */
async function relinkNewest({ history, places }: KeepingState, host: string): Promise<void> {
  const newest = newestGood(history, host);
  const root = newest && (await findGenerationRoot(places, newest));
  if (root === undefined) await unlinkNewest(places, host);
  else await linkNewest(places, host, root);
}
