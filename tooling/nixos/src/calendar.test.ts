import { findSystemdAnalyze } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { evaluate, MEMBER_DIR } from "./support/evaluate.ts";

const CALENDARS = [
  ["daily", "02:00", "*-*-* 02:00:00"],
  ["daily", "2:05", "*-*-* 02:05:00"],
  ["daily", "23:59:00", "*-*-* 23:59:00"],
  ["weekly", "Sun 02:00", "Sun *-*-* 02:00:00"],
  ["weekly", "sunday 2:00", "Sun *-*-* 02:00:00"],
  ["weekly", "WED 14:30", "Wed *-*-* 14:30:00"],
  ["weekly", "02:00", "Mon *-*-* 02:00:00"],
  ["hourly", "02:00", "hourly"],
  ["*-*-01 04:00:00", "02:00", "*-*-01 04:00:00"],
  ["Mon..Fri *-*-* 01:30:00", "Sun 02:00", "Mon..Fri *-*-* 01:30:00"],
] as const;

async function renderCalendar(buildSchedule: string, buildTime: string): Promise<unknown> {
  const schedule = JSON.stringify(JSON.stringify({ buildSchedule, buildTime }));
  return evaluate(`import ${MEMBER_DIR}/lib/calendar.nix (builtins.fromJSON ${schedule})`);
}

describe("calendar.nix", () => {
  it.each(CALENDARS)("writes %s at %s as %s", async (buildSchedule, buildTime, onCalendar) => {
    const calendar = await renderCalendar(buildSchedule, buildTime);

    expect(calendar).toEqual({ onCalendar, isTimeRead: true });
  });

  it.each([
    ["daily", "Sun 02:00"],
    ["daily", "24:00"],
    ["weekly", "Foo 02:00"],
    ["weekly", "02:60"],
    ["daily", ""],
  ])("says that %s at %s cannot be read", async (buildSchedule, buildTime) => {
    const calendar = await renderCalendar(buildSchedule, buildTime);

    expect(calendar).toEqual({ onCalendar: buildSchedule, isTimeRead: false });
  });

  it("writes what systemd reads", async () => {
    const { program } = await findSystemdAnalyze();

    const read = await execa(program, ["calendar", ...CALENDARS.map(([, , onCalendar]) => onCalendar)]);

    expect(read.stdout.match(/Next elapse: /g)).toHaveLength(CALENDARS.length);
  });

  it("knows that systemd refuses what is no calendar expression", async () => {
    const { program } = await findSystemdAnalyze();

    const read = await execa(program, ["calendar", "Foo *-*-* 02:00:00"], { reject: false });

    expect(read.exitCode).toBe(1);
  });
});
