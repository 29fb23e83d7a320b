import { rm } from "node:fs/promises";

import { listNames } from "../links.ts";
import type { KeepingState } from "./keeping-state.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Length of `20261122T020000Z`, with which the name of a run's directory begins. */
const TIME_LENGTH = 16;

/** Forgets runs older than keepRuns days, and removes their files. */
export async function forgetRuns({
  config,
  history,
  now,
  places,
}: Pick<KeepingState, "config" | "history" | "now" | "places">): Promise<void> {
  const { keepRuns } = config.builder;
  if (keepRuns === 0) return;
  const before = new Date(now().getTime() - keepRuns * DAY_MS);
  history.forgetBefore(before);
  const limit = formatRunTime(before);
  // All of them: the files of a run that was forgotten by a command that was killed then are left, too.
  for (const run of await listNames(places.runsDir)) {
    const isOld = run.slice(0, TIME_LENGTH) < limit;
    if (isOld && history.run(run) === undefined) {
      await rm(places.runDir(run), { recursive: true, force: true });
    }
  }
}

function formatRunTime(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
