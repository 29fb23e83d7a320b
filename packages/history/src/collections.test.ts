import { describe, expect, it } from "vitest";

import { minutesLater, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type Collection, openHistory } from "./index.ts";

const COLLECTION: Collection = {
  startedAt: NOW,
  finishedAt: minutesLater(1),
  mode: "targeted",
  plannedBytes: 3e9,
  freeBytesBefore: 1e12,
  freeBytesAfter: 1e12 + 2e9,
};

describe("recordCollection", () => {
  it("keeps a collection with all that is known and without what is not", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const run = history.startRun(NEW_RUN);
    const known: Collection = {
      ...COLLECTION,
      run,
      mode: "full",
      freedBytes: 2e9,
      deletedPaths: 5,
      reason: "full",
    };

    history.recordCollection(COLLECTION);
    history.recordCollection(known);

    expect(history.collections(9)).toEqual([known, COLLECTION]);
    expect(history.collections(1)).toEqual([known]);
    expect(history.collections(0)).toEqual([]);
  });

  it("refuses a run that is not recorded, and numbers that are no counts", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(() => history.recordCollection({ ...COLLECTION, run: "none" })).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_UNKNOWN" }),
    );
    expect(() => history.recordCollection({ ...COLLECTION, freedBytes: -1 })).toThrow(
      new RangeError("expected freedBytes to be a whole number of at least 0, got -1"),
    );
    expect(() => history.recordCollection({ ...COLLECTION, deletedPaths: 0.5 })).toThrow(RangeError);
    expect(() => history.collections(-1)).toThrow(RangeError);
    expect(history.collections(9)).toEqual([]);
  });
});
