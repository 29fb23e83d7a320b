import type { Run } from "@nix-cache/history";

import { dueAfter } from "./read-next-run.ts";
import type { Schedule } from "./schedule.ts";

/** A timer waits a while at random, and a machine that was off starts a missed run once it is up. */
const OVERDUE_AFTER_MS = 60 * 60 * 1000;

/**
 * Says when the run after the last one was due, if it should long have started.
 *
 * @returns undefined where none is missing, or when it is due cannot be found out
 */
export async function findMissedRun(
  schedule: Schedule,
  { finishedAt, startedAt }: Pick<Run, "finishedAt" | "startedAt">,
  now: Date,
): Promise<Date | undefined> {
  const due = await dueAfter(schedule, finishedAt ?? startedAt);
  return due !== undefined && now.getTime() - due.getTime() > OVERDUE_AFTER_MS ? due : undefined;
}
