import type { BuilderConfig } from "@nix-cache/config";
import type { ConfigProblem } from "@nix-cache/config";
import { execa } from "execa";

import { formatCalendar, parseSchedule } from "./schedule.ts";

const TIMEOUT_MS = 10_000;

/** Schedules that `buildTime` goes with; systemd knows the words, too, and would take them for midnight. */
const TIMED_SCHEDULES: Readonly<Record<string, string>> = {
  daily: "a time such as 02:00",
  weekly: "a time such as 02:00, or a day and a time such as Sun 02:00",
};

/**
 * Finds what keeps a schedule from being one. A calendar expression is systemd's to read: where there is none, as in a
 * build of Nix's, it is taken as it is.
 */
export async function findScheduleProblem({
  buildSchedule,
  buildTime,
}: Pick<BuilderConfig, "buildSchedule" | "buildTime">): Promise<ConfigProblem | undefined> {
  const schedule = parseSchedule({ buildSchedule, buildTime });
  const time = TIMED_SCHEDULES[buildSchedule];
  if (schedule.type === "calendar" && time !== undefined) {
    return { key: "builder.buildTime", message: `expected ${time}, found ${JSON.stringify(buildTime)}` };
  }
  const expression = formatCalendar(schedule);
  const isRead = !/\p{Cc}/u.test(expression) && (await isCalendarExpression(expression));
  if (isRead) return undefined;
  const found = JSON.stringify(buildSchedule);
  return {
    key: "builder.buildSchedule",
    message: `expected daily, weekly or a calendar expression such as *-*-01 04:00, found ${found}`,
  };
}

/** systemd.time(7) */
async function isCalendarExpression(expression: string): Promise<boolean> {
  const result = await execa("systemd-analyze", ["calendar", "--", expression], {
    reject: false,
    timeout: TIMEOUT_MS,
    env: { LC_ALL: "C" },
  });
  return result.exitCode === undefined || result.exitCode === 0;
}
