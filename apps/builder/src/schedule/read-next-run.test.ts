import { describe, expect, it } from "vitest";

import { dueAfter, parseElapse, parseTimer } from "./read-next-run.ts";

describe("parseTimer", () => {
  it.each([
    ["257", "@1795399200"],
    ["252", "Mon 2026-11-23 02:00:00 UTC"],
  ])("reads when an armed timer elapses, as systemd %s says it", (_version, time) => {
    const shown = `LoadState=loaded\nActiveState=active\nNextElapseUSecRealtime=${time}\n`;

    expect(parseTimer(shown)).toEqual({
      source: "timer",
      timer: "armed",
      at: new Date("2026-11-23T02:00:00.000Z"),
    });
  });

  it("knows no time of a timer that runs its service just now", () => {
    const shown = "LoadState=loaded\nActiveState=active\nNextElapseUSecRealtime=\n";

    expect(parseTimer(shown)).toEqual({ source: "timer", timer: "armed" });
  });

  it.each([
    ["missing", "LoadState=not-found\nActiveState=inactive\nNextElapseUSecRealtime=\n"],
    ["stopped", "LoadState=loaded\nActiveState=inactive\nNextElapseUSecRealtime=\n"],
  ])("tells that the timer is %s", (timer, shown) => {
    expect(parseTimer(shown)).toEqual({ source: "timer", timer });
  });
});

describe("parseElapse", () => {
  it("reads the time of a machine in UTC", () => {
    const said = "  Original form: *-*-01 04:00\n    Next elapse: Mon 2025-12-01 04:00:00 UTC\n";

    expect(parseElapse(said)).toEqual(new Date("2025-12-01T04:00:00Z"));
  });

  it("reads the time of a machine elsewhere", () => {
    const said =
      "    Next elapse: Mon 2025-12-01 04:00:00 CET\n       (in UTC): Mon 2025-12-01 03:00:00 UTC\n";

    expect(parseElapse(said)).toEqual(new Date("2025-12-01T03:00:00Z"));
  });

  it("reads nothing from anything else", () => {
    expect(parseElapse("Next elapse: never\n")).toBeUndefined();
  });
});

describe("dueAfter", () => {
  it("knows the plain schedules by itself", async () => {
    const after = new Date(2026, 10, 22, 12, 0);

    expect(await dueAfter({ type: "daily", hour: 2, minute: 0 }, after)).toEqual(
      new Date(2026, 10, 23, 2, 0),
    );
  });

  it("does not know what is no schedule", async () => {
    expect(await dueAfter({ type: "calendar", expression: "rubbish" }, new Date(0))).toBeUndefined();
  });
});
