import { describe, expect, it } from "vitest";

import { judgeTimer } from "./timer.ts";

const REMEDIES = { arm: "arm it", install: "install it" };

const NIGHTLY = { buildSchedule: "daily", buildTime: "02:00" };

describe("judgeTimer", () => {
  it("tells when an armed timer elapses", () => {
    const next = { source: "timer", timer: "armed", at: new Date(2026, 10, 23, 2, 0) } as const;

    expect(judgeTimer(next, NIGHTLY, REMEDIES)).toMatchObject({
      status: "ok",
      summary: "the next run is at 2026-11-23 02:00",
    });
  });

  it("finds a timer that is not armed, and one that is not there", () => {
    expect(judgeTimer({ source: "timer", timer: "stopped" }, NIGHTLY, REMEDIES)).toMatchObject({
      status: "problem",
      remedy: "arm it",
    });
    expect(judgeTimer({ source: "timer", timer: "missing" }, NIGHTLY, REMEDIES)).toMatchObject({
      status: "problem",
      remedy: "install it",
    });
  });

  it("cannot tell without systemd", () => {
    expect(judgeTimer({ source: "schedule" }, NIGHTLY, REMEDIES)).toMatchObject({
      status: "skipped",
      summary: "systemd does not answer: have something start the run, daily at 02:00",
    });
  });
});
