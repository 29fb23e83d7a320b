import { readFileSync, writeFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { HistoryError, openHistory, openHistorySnapshot } from "./index.ts";

/** The bytes of a snapshot with a run in it: a whole database in one file. */
function createDatabaseBytes(): Buffer {
  using directory = createTemporaryDirectory();
  using history = openHistory(directory.file("history.sqlite"), { now: NOW });
  publish(history, { run: history.startRun(NEW_RUN), host: "nz", toplevel: "/nix/store/nz" });
  history.publishSnapshot(directory.file("history.public.sqlite"));
  return readFileSync(directory.file("history.public.sqlite"));
}

/** The code of the HistoryError that the work throws, "done" where it throws none. */
function outcomeOf(work: () => void): string {
  try {
    work();
    return "done";
  } catch (error) {
    if (error instanceof HistoryError) return error.code;
    throw error;
  }
}

const RUN_ID = "20261122T020000Z";
const BYTES = createDatabaseBytes();
const flips = fc.record({
  // The header is where a flip does most harm.
  offset: fc.oneof(fc.nat({ max: 99 }), fc.nat({ max: BYTES.length - 1 })),
  mask: fc.integer({ min: 1, max: 255 }),
});

function flip({ offset, mask }: { readonly offset: number; readonly mask: number }): Buffer {
  const bytes = Buffer.from(BYTES);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ mask, offset);
  return bytes;
}

describe("openHistory on any bytes", () => {
  it("goes on or throws HistoryError, whatever byte is flipped", () => {
    fc.assert(
      fc.property(flips, (change) => {
        using directory = createTemporaryDirectory();
        const file = directory.file("history.sqlite");
        writeFileSync(file, flip(change));

        const outcome = outcomeOf(() => {
          using history = openHistory(file, { now: NOW });
          history.markKilledRuns("killed");
          history.startRun(NEW_RUN);
        });

        // OPEN is byte 18: SQLite may not write what a later format of its own wrote.
        expect(["done", "ERR_HISTORY_VERSION", "ERR_HISTORY_OPEN", "ERR_HISTORY_DAMAGED"]).toContain(outcome);
      }),
      { numRuns: 100 },
    );
  });

  it("loses nothing unless it says so, wherever the file is cut", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: BYTES.length - 1 }), (length) => {
        using directory = createTemporaryDirectory();
        const file = directory.file("history.sqlite");
        writeFileSync(file, BYTES.subarray(0, length));

        using history = openHistory(file, { now: NOW });

        const isWhole = history.latestRun()?.id === RUN_ID && history.newestGenerations().length === 1;
        expect(isWhole).toBe(history.damagedFile === undefined);
        expect(history.startRun(NEW_RUN)).toBeDefined();
      }),
    );
  });
});

describe("openHistorySnapshot on any bytes", () => {
  it("answers or throws HistoryError, whatever byte is flipped", () => {
    fc.assert(
      fc.property(flips, (change) => {
        using directory = createTemporaryDirectory();
        const file = directory.file("history.public.sqlite");
        writeFileSync(file, flip(change));
        using snapshot = openHistorySnapshot(file);

        const outcome = outcomeOf(() =>
          snapshot.read((reader) => [reader.runs(9), reader.newestGenerations()]),
        );

        expect(["done", "ERR_HISTORY_VERSION", "ERR_HISTORY_DAMAGED", "ERR_HISTORY_IO"]).toContain(outcome);
      }),
      { numRuns: 100 },
    );
  });
});
