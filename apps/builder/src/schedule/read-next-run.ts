import process from "node:process";

import { askSystemd, isSystemdRunning } from "../ask-systemd.ts";
import { nextOf, type Schedule } from "./schedule.ts";

/** When the next run is to start, and who says so. */
export interface NextRun {
  /** Absent where nobody can tell. */
  readonly at?: Date;
  /** `timer`: systemd's; `schedule`: the configuration's, on a machine without systemd. */
  readonly source: "timer" | "schedule";
  /** Whether systemd has the timer armed; absent on a machine without systemd. */
  readonly timer?: "armed" | "stopped" | "missing";
}

const SHOW_TIMER = [
  "show",
  "nix-cache-builder.timer",
  "--timestamp=unix",
  "--property=LoadState,ActiveState,NextElapseUSecRealtime",
];

const ROOT_UID = 0;

/**
 * Asks systemd when its timer elapses next, which may be one of this user's own; without systemd the schedule says when it
 * would.
 */
export async function readNextRun(schedule: Schedule, now: Date): Promise<NextRun> {
  const shown = isSystemdRunning() ? await showTimer() : "";
  if (shown !== "") {
    const next = parseTimer(shown);
    if (next.timer !== "missing" || process.getuid?.() === ROOT_UID) return next;
    const own = parseTimer(await showTimer("--user"));
    return own.timer === "missing" ? next : own;
  }
  const at = await dueAfter(schedule, now);
  return { source: "schedule", ...(at === undefined ? {} : { at }) };
}

function showTimer(...options: readonly string[]): Promise<string> {
  return askSystemd("systemctl", [...options, ...SHOW_TIMER], { TZ: "UTC" });
}

/** Reads what `systemctl show --timestamp=unix` prints of a timer; systemd 252 prints the time in words all the same. */
export function parseTimer(shown: string): NextRun {
  const property = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(shown)?.[1] ?? "";
  if (property("LoadState") !== "loaded") return { source: "timer", timer: "missing" };
  if (property("ActiveState") !== "active") return { source: "timer", timer: "stopped" };
  const at = parseTimestamp(property("NextElapseUSecRealtime"));
  return { source: "timer", timer: "armed", ...(at === undefined ? {} : { at }) };
}

function parseTimestamp(timestamp: string): Date | undefined {
  const seconds = /^@(\d+)$/.exec(timestamp)?.[1];
  if (seconds !== undefined) return new Date(Number(seconds) * 1000);
  const [, day, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(timestamp) ?? [];
  return day === undefined || time === undefined ? undefined : new Date(`${day}T${time}Z`);
}

/** Says when a schedule is due next after a time; undefined where that cannot be found out. */
export async function dueAfter(schedule: Schedule, after: Date): Promise<Date | undefined> {
  if (schedule.type !== "calendar") return nextOf(schedule, after);
  const base = `--base-time=@${Math.floor(after.getTime() / 1000)}`;
  return parseElapse(await askSystemd("systemd-analyze", ["calendar", base, "--", schedule.expression]));
}

/** Reads what `systemd-analyze calendar` prints: a line with the time in UTC, whatever the time zone. */
export function parseElapse(said: string): Date | undefined {
  const elapse = /(?:Next elapse|\(in UTC\)): \w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/m;
  const [, day, time] = elapse.exec(said) ?? [];
  return day === undefined || time === undefined ? undefined : new Date(`${day}T${time}Z`);
}
