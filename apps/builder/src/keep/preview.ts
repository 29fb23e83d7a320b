import { findDismissed, inspectPublished } from "./inspect.ts";
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
  const unknown = inspection.hosts.flatMap((host) => host.unknown);
  return {
    plan,
    notes: [
      ...unknown.map(({ host, number }) => `generation ${number} of ${host} would be adopted first`),
      ...inspection.unreadable.map(({ host, reason }) => `${host} cannot be looked at: ${reason}`),
    ],
  };
}
