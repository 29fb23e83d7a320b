import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createMemoryHistory } from "../test/memory-history.ts";
import { NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory } from "./index.ts";

/** Publishes a first and a second generation of nz. */
function publishTwo(history: History): void {
  const run = history.startRun(NEW_RUN);
  for (const toplevel of ["/nix/store/a", "/nix/store/b"]) publish(history, { run, host: "nz", toplevel });
}

describe("recordClosureDiff", () => {
  it("gives back what it was given, and replaces it", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    publishTwo(history);
    const diff = {
      packages: [{ name: "linux", before: ["6.12.1"], after: ["6.12.2"] }],
      isRebootNeeded: true,
    };

    history.recordClosureDiff({ host: "nz", number: 2, previous: 1, diff: "older" });
    history.recordClosureDiff({ host: "nz", number: 2, previous: 1, diff });

    expect(history.closureDiff("nz", 2)).toEqual({ previous: 1, diff });
    expect(history.closureDiff("nz", 1)).toBeUndefined();
  });

  it("gives back any JSON", () => {
    using history = createMemoryHistory();
    publishTwo(history);

    fc.assert(
      fc.property(fc.json(), (text) => {
        const diff: unknown = JSON.parse(text);
        history.recordClosureDiff({ host: "nz", number: 2, previous: 1, diff });
        expect(JSON.stringify(history.closureDiff("nz", 2)?.diff)).toBe(JSON.stringify(diff));
      }),
    );
  });

  it("refuses generations that are not recorded", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    publishTwo(history);
    const unknown = expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_UNKNOWN" });

    expect(() => history.recordClosureDiff({ host: "nz", number: 3, previous: 1, diff: {} })).toThrow(
      unknown,
    );
    expect(() => history.recordClosureDiff({ host: "nz", number: 2, previous: 3, diff: {} })).toThrow(
      unknown,
    );
  });

  it("refuses what is no JSON or too much of it", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    publishTwo(history);
    const key = { host: "nz", number: 2, previous: 1 };

    expect(() => history.recordClosureDiff({ ...key, diff: undefined })).toThrow(
      new TypeError("expected diff to be JSON, got undefined"),
    );
    expect(() => history.recordClosureDiff({ ...key, diff: 1n })).toThrow(TypeError);
    expect(() => history.recordClosureDiff({ ...key, diff: "x".repeat(2 ** 24) })).toThrow(RangeError);
    expect(() => history.recordClosureDiff({ ...key, previous: 0, diff: {} })).toThrow(RangeError);
    expect(history.closureDiff("nz", 2)).toBeUndefined();
  });
});
