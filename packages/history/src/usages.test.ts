import { describe, expect, it } from "vitest";

import { minutesLater, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { openHistory, type Usage } from "./index.ts";

const USAGE: Usage = {
  at: NOW,
  rootedBytes: 150e9,
  rootedPaths: 12_345,
  freeBytes: 1e12,
  overCap: true,
  underMinFree: false,
};

describe("recordUsage", () => {
  it("keeps what was recorded last as the latest, whatever the clock said", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const before = history.latestUsage();
    const usage: Usage = { ...USAGE, run: history.startRun(NEW_RUN), overCap: false, underMinFree: true };

    history.recordUsage({ ...USAGE, at: minutesLater(60) });
    history.recordUsage(usage);

    expect(before).toBeUndefined();
    expect(history.latestUsage()).toEqual(usage);
  });

  it("leaves out the run where none measured it", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    history.recordUsage(USAGE);

    expect(history.latestUsage()).toEqual(USAGE);
  });

  it("refuses a run that is not recorded, and numbers that are no counts", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(() => history.recordUsage({ ...USAGE, run: "none" })).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_UNKNOWN" }),
    );
    expect(() => history.recordUsage({ ...USAGE, rootedBytes: 1.5 })).toThrow(RangeError);
    expect(() => history.recordUsage({ ...USAGE, at: new Date(Number.NaN) })).toThrow(RangeError);
    expect(history.latestUsage()).toBeUndefined();
  });
});
