import { collectCondemned } from "../keep/collect.ts";
import { condemn } from "../keep/condemn.ts";
import { forgetRuns } from "../keep/forget-runs.ts";
import type { KeepingState } from "../keep/keeping-state.ts";
import { type KeepingPlan, planKeeping } from "../keep/plan-keeping.ts";
import { seal } from "../keep/seal.ts";
import { readFreeBytes } from "../keep/store-state.ts";
import type { Reconciliation } from "./reconcile.ts";

/** What retention goes by. */
export interface RetainOptions {
  /** How links, roots and history stood before anything was published. */
  readonly reconciliation: Reconciliation;
  /** The run that does it; absent for `prune`. */
  readonly run?: string;
}

/**
 * Lets go of the generations that the policy does not keep, deletes the store paths of those that were let go earlier,
 * and records what is kept.
 *
 * @returns the plan, carried out
 */
export async function retainGenerations(
  state: KeepingState,
  { reconciliation, run }: RetainOptions,
): Promise<KeepingPlan> {
  const { config, history, log, now, places } = state;
  const { dismissed, shortcomings } = reconciliation;
  const plan = await planKeeping(state, { dismissed, limits: config.builder });
  for (const drop of plan.drops) await condemn(state, drop);
  if (shortcomings.length === 0) await seal(places);
  await collectCondemned(state, run);
  history.recordUsage({
    ...(run === undefined ? {} : { run }),
    at: now(),
    rootedBytes: plan.rootedBytesAfter,
    rootedPaths: plan.rootedPaths,
    freeBytes: await readFreeBytes(state),
    overCap: plan.overCap,
    underMinFree: plan.underMinFree,
  });
  await forgetRuns(state);
  const { maxCacheSize, minFreeSpace } = config.builder;
  if (plan.overCap) log.warn({ maxCacheSize }, "over the cap: only protected generations are left");
  if (plan.underMinFree)
    log.warn({ minFreeSpace }, "too little free space: only protected generations are left");
  return plan;
}
