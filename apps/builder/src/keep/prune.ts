import { closeKilledRuns } from "../steps/close-killed-runs.ts";
import { reconcile } from "../steps/reconcile.ts";
import { retainGenerations } from "../steps/retain.ts";
import { type KeepingReport, reportKeeping } from "./keeping-report.ts";
import type { KeepingState } from "./keeping-state.ts";
import { changeLimits } from "./what-if.ts";

/** Puts links, roots and history in order, lets go of what the policy does not keep, and deletes what was let go. */
export async function prune(state: KeepingState): Promise<KeepingReport> {
  const { config, history, now } = state;
  const startedAt = now();
  await closeKilledRuns(state);
  const reconciliation = await reconcile(state);
  const plan = await retainGenerations(state, { reconciliation });
  const [collection] = history.collections(1);
  const isOurs = collection !== undefined && collection.startedAt >= startedAt;
  return reportKeeping(plan, {
    dryRun: false,
    limits: changeLimits(config.builder, []),
    notes: reconciliation.shortcomings,
    ...(isOurs ? { collection } : {}),
  });
}
