import { describe, expect, it } from "vitest";

import { findMissedRun } from "./find-missed-run.ts";

const NIGHTLY = { type: "daily", hour: 2, minute: 0 } as const;
const STARTED = new Date(2026, 10, 21, 2, 0);
const FINISHED = new Date(2026, 10, 21, 5, 0);

describe("findMissedRun", () => {
  it("finds the one that was due after the last had ended", async () => {
    const run = { startedAt: STARTED, finishedAt: FINISHED };

    expect(await findMissedRun(NIGHTLY, run, new Date(2026, 10, 22, 12, 0))).toEqual(
      new Date(2026, 10, 22, 2, 0),
    );
  });

  it("gives a timer an hour", async () => {
    const run = { startedAt: STARTED, finishedAt: FINISHED };

    expect(await findMissedRun(NIGHTLY, run, new Date(2026, 10, 22, 2, 59))).toBeUndefined();
  });

  it("does not miss the one that a long run kept from starting", async () => {
    const run = { startedAt: new Date(2026, 10, 20, 23, 0), finishedAt: FINISHED };

    expect(await findMissedRun(NIGHTLY, run, new Date(2026, 10, 21, 12, 0))).toBeUndefined();
  });
});
