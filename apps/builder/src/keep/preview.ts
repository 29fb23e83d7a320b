import { readLockState } from "../lock-holder.ts";
import { findDismissed, type Inspection, inspectPublished } from "./inspect.ts";
import type { KeepingView } from "./keeping-state.ts";
import { type KeepingLimits, type KeepingPlan, planKeeping } from "./plan-keeping.ts";

/** What would be kept and dropped. */
export interface Preview {
  readonly plan: KeepingPlan;
  /** What would be put right before, for a person to read. */
  readonly notes: readonly string[];
}

/** Plans as `prune` does, and changes nothing. */
export async function previewKeeping(view: KeepingView, limits: KeepingLimits): Promise<Preview> {
  const inspection = await inspectPublished(view);
  const plan = await planKeeping(view, { dismissed: findDismissed(inspection), limits });
  return {
    plan,
    notes: [
      ...describeUnknown(view, inspection),
      ...inspection.unreadable.map(({ host, reason }) => `${host} cannot be looked at: ${reason}`),
    ],
  };
}

/** What a run publishes has its root before the history that others see has it. */
function describeUnknown({ places }: KeepingView, { hosts }: Inspection): readonly string[] {
  const unknown = hosts.flatMap((host) => host.unknown);
  const lock = readLockState(places.lockFile);
  if (lock?.isRunning === true) {
    return [`"${lock.command}" is at work: what it has done so far is not in this plan`];
  }
  return unknown.map(({ host, number }) => `generation ${number} of ${host} would be adopted first`);
}
