import { describe, expect, it } from "vitest";

import { nextOf, parseSchedule } from "./schedule.ts";

describe("parseSchedule", () => {
  it.each([
    ["daily", "02:00", { type: "daily", hour: 2, minute: 0 }],
    ["daily", "23:59:00", { type: "daily", hour: 23, minute: 59 }],
    ["weekly", "Sun 02:00", { type: "weekly", weekday: 0, hour: 2, minute: 0 }],
    ["weekly", "Saturday 2:30", { type: "weekly", weekday: 6, hour: 2, minute: 30 }],
    ["weekly", "02:00", { type: "weekly", weekday: 1, hour: 2, minute: 0 }],
  ])("knows %s at %s", (buildSchedule, buildTime, schedule) => {
    expect(parseSchedule({ buildSchedule, buildTime })).toEqual(schedule);
  });

  it.each([
    ["*-*-01 04:00", "02:00"],
    ["daily", "noon"],
    ["weekly", "Foo 02:00"],
    ["daily", "24:00"],
    ["daily", "Sun 02:00"],
  ])("leaves %s at %s to systemd", (buildSchedule, buildTime) => {
    expect(parseSchedule({ buildSchedule, buildTime })).toEqual({
      type: "calendar",
      expression: buildSchedule,
    });
  });
});

describe("nextOf", () => {
  it("is today when the time is yet to come, and tomorrow when it has passed", () => {
    const schedule = { type: "daily", hour: 2, minute: 0 } as const;

    expect(nextOf(schedule, new Date(2026, 10, 22, 1, 59))).toEqual(new Date(2026, 10, 22, 2, 0));
    expect(nextOf(schedule, new Date(2026, 10, 22, 2, 0))).toEqual(new Date(2026, 10, 23, 2, 0));
    expect(nextOf(schedule, new Date(2026, 11, 31, 3, 0))).toEqual(new Date(2027, 0, 1, 2, 0));
  });

  it("is on the weekday, at most a week from now", () => {
    const sunday = { type: "weekly", weekday: 0, hour: 2, minute: 0 } as const;

    // 22 November 2026 is a Sunday.
    expect(nextOf(sunday, new Date(2026, 10, 20, 12, 0))).toEqual(new Date(2026, 10, 22, 2, 0));
    expect(nextOf(sunday, new Date(2026, 10, 22, 1, 0))).toEqual(new Date(2026, 10, 22, 2, 0));
    expect(nextOf(sunday, new Date(2026, 10, 22, 3, 0))).toEqual(new Date(2026, 10, 29, 2, 0));
  });

  it("does not know what only systemd can read", () => {
    expect(nextOf({ type: "calendar", expression: "quarterly" }, new Date(0))).toBeUndefined();
  });
});
