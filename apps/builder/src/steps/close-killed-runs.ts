import type { KeepingState } from "../keep/keeping-state.ts";
import { removeScratch } from "../run.ts";

/** Runs whose scratch may be left, counted back from the newest: killed ones are marked one run later. */
const RECENT_RUNS = 100;

/** Marks runs that were killed as such, and removes what only they needed. Call it before a run starts. */
export async function closeKilledRuns({ history, log, places }: KeepingState): Promise<void> {
  const killed = history.runs(RECENT_RUNS).filter(({ status }) => status === "RUNNING");
  for (const run of killed) {
    log.warn({ run: run.id }, "earlier run was killed");
    await removeScratch(places.runDir(run.id));
  }
  history.markKilledRuns("it ended without a result: it was killed, or the machine went down");
}
