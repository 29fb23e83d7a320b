import { describe, expect, it } from "vitest";

import { findScheduleProblem } from "./find-schedule-problem.ts";
import { formatCalendar, parseSchedule } from "./schedule.ts";

describe("formatCalendar", () => {
  it.each([
    ["daily", "02:00", "*-*-* 02:00:00"],
    ["daily", "3:05", "*-*-* 03:05:00"],
    ["weekly", "Sun 02:00", "Sun *-*-* 02:00:00"],
    ["weekly", "02:00", "Mon *-*-* 02:00:00"],
    ["*-*-01 04:00", "02:00", "*-*-01 04:00"],
    ["hourly", "02:00", "hourly"],
  ])("writes %s at %s as %s", (buildSchedule, buildTime, expression) => {
    expect(formatCalendar(parseSchedule({ buildSchedule, buildTime }))).toBe(expression);
  });
});

describe("findScheduleProblem", () => {
  it.each([
    { buildSchedule: "daily", buildTime: "02:00" },
    { buildSchedule: "weekly", buildTime: "Sun 02:00" },
    { buildSchedule: "*-*-01,15 04:00", buildTime: "02:00" },
  ])("finds none in $buildSchedule at $buildTime", async (schedule) => {
    expect(await findScheduleProblem(schedule)).toBeUndefined();
  });

  it.each([
    { buildSchedule: "daily", buildTime: "noon" },
    { buildSchedule: "daily", buildTime: "Sun 02:00" },
    { buildSchedule: "weekly", buildTime: "Foo 02:00" },
  ])("finds that $buildTime is no time for $buildSchedule, which would be midnight", async (schedule) => {
    expect(await findScheduleProblem(schedule)).toMatchObject({
      key: "builder.buildTime",
      message: expect.stringContaining(JSON.stringify(schedule.buildTime)),
    });
  });

  it("finds a line that would not stay one of the unit", async () => {
    const schedule = { buildSchedule: "daily\n[Service]\nExecStart=/bin/true", buildTime: "02:00" };

    expect(await findScheduleProblem(schedule)).toMatchObject({ key: "builder.buildSchedule" });
  });
});
