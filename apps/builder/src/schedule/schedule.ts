import type { BuilderConfig } from "@nix-cache/config";

/** When runs are to start, in the machine's time zone. */
export type Schedule =
  | { readonly type: "daily"; readonly hour: number; readonly minute: number }
  | {
      readonly type: "weekly";
      /** 0 is Sunday, as in Date. */
      readonly weekday: number;
      readonly hour: number;
      readonly minute: number;
    }
  | {
      readonly type: "calendar";
      /** As systemd.time(7) has it. */
      readonly expression: string;
    };

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `weekly` alone means Monday, as in systemd.time(7). */
const DEFAULT_WEEKDAY = 1;

const TIME = /^(?:([A-Za-z]{3})[a-z]* +)?([01]?\d|2[0-3]):([0-5]\d)(?::00)?$/;

/**
 * Reads the keys `buildSchedule` and `buildTime`: `daily` at `02:00`, `weekly` at `Sun 02:00`, or a calendar expression
 * as the schedule, which counts alone.
 */
export function parseSchedule({
  buildSchedule,
  buildTime,
}: Pick<BuilderConfig, "buildSchedule" | "buildTime">): Schedule {
  const [, day, hour, minute] = TIME.exec(buildTime.trim()) ?? [];
  if (hour === undefined || minute === undefined) return { type: "calendar", expression: buildSchedule };
  const time = { hour: Number(hour), minute: Number(minute) };
  if (buildSchedule === "daily" && day === undefined) return { type: "daily", ...time };
  const weekday = day === undefined ? DEFAULT_WEEKDAY : WEEKDAYS.indexOf(day.toLowerCase());
  if (buildSchedule === "weekly" && weekday >= 0) return { type: "weekly", weekday, ...time };
  return { type: "calendar", expression: buildSchedule };
}

/** Says when a schedule is due next after a time; undefined for a calendar expression, which systemd alone reads. */
export function nextOf(schedule: Schedule, after: Date): Date | undefined {
  if (schedule.type === "calendar") return undefined;
  const { hour, minute } = schedule;
  const days = schedule.type === "daily" ? 0 : (schedule.weekday - after.getDay() + 7) % 7;
  const step = schedule.type === "daily" ? 1 : 7;
  // By days of the calendar, not by 24 hours: a night in which the clock changes is shorter or longer.
  const on = (day: number): Date =>
    new Date(after.getFullYear(), after.getMonth(), after.getDate() + day, hour, minute);
  const first = on(days);
  return first > after ? first : on(days + step);
}

/** Writes a schedule as a calendar expression: systemd.time(7). */
export function formatCalendar(schedule: Schedule): string {
  if (schedule.type === "calendar") return schedule.expression;
  const time = [schedule.hour, schedule.minute, 0].map((part) => String(part).padStart(2, "0")).join(":");
  if (schedule.type === "daily") return `*-*-* ${time}`;
  const day = WEEKDAYS[schedule.weekday] ?? "";
  return `${day.charAt(0).toUpperCase()}${day.slice(1)} *-*-* ${time}`;
}
