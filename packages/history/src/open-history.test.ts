import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { minutesLater, NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { openHistory } from "./index.ts";

describe("openHistory", () => {
  it("makes a history where there is none", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(history.damagedFile).toBeUndefined();
    expect(history.latestRun()).toBeUndefined();
    expect(history.runs(10)).toEqual([]);
    expect(history.newestGenerations()).toEqual([]);
  });

  it("finds what was recorded before", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    const writer = openHistory(file, { now: NOW });
    const run = writer.startRun(NEW_RUN);
    writer.close();

    using history = openHistory(file, { now: NOW });

    expect(history.latestRun()).toEqual({ ...NEW_RUN, id: run, status: "RUNNING" });
  });

  it("takes an empty file for a new history", () => {
    using directory = createTemporaryDirectory();
    writeFileSync(directory.file("history.sqlite"), "");

    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(history.damagedFile).toBeUndefined();
    expect(history.startRun(NEW_RUN)).toBeDefined();
  });

  it("leaves one file when it is closed, and may be closed twice", () => {
    using directory = createTemporaryDirectory();
    const history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.startRun(NEW_RUN);

    history.close();
    history.close();

    expect(readdirSync(directory.path)).toEqual(["history.sqlite"]);
  });

  it("takes a path with characters that mean something in a URI", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("a ?mode=ro#%20.sqlite");

    openHistory(file, { now: NOW }).close();

    expect(existsSync(file)).toBe(true);
  });

  it("uses write-ahead logging and checks references", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    using history = openHistory(file, { now: NOW });

    using db = new DatabaseSync(file, { readOnly: true });
    expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(() =>
      history.recordStep({
        run: "none",
        name: "build",
        startedAt: NOW,
        durationMs: 1,
        outcome: "failed",
      }),
    ).toThrow(expect.objectContaining({ code: "ERR_HISTORY_UNKNOWN" }));
  });

  it("refuses a file in a directory that does not exist", () => {
    using directory = createTemporaryDirectory();

    expect(() => openHistory(directory.file("none/history.sqlite"), { now: NOW })).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_OPEN" }),
    );
  });

  it("refuses a directory", () => {
    using directory = createTemporaryDirectory();

    expect(() => openHistory(directory.path, { now: NOW })).toThrow(
      expect.objectContaining({ code: "ERR_HISTORY_OPEN" }),
    );
  });

  it("refuses an invalid time", () => {
    using directory = createTemporaryDirectory();

    expect(() => openHistory(directory.file("history.sqlite"), { now: new Date(Number.NaN) })).toThrow(
      RangeError,
    );
  });

  it("refuses a database of a newer version and leaves it as it is", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    const newer = new DatabaseSync(file);
    newer.exec("CREATE TABLE runs (id TEXT) STRICT; PRAGMA user_version = 4711");
    newer.close();
    const before = readFileSync(file);

    expect(() => openHistory(file, { now: NOW })).toThrow(
      expect.objectContaining({
        code: "ERR_HISTORY_VERSION",
        message: "expected schema version 2 or older, got 4711: a newer version wrote this history",
      }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(directory.path)).toEqual(["history.sqlite"]);
  });
});

describe("openHistory on a damaged file", () => {
  it("sets it aside under the time given and starts anew", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    writeFileSync(file, "this is no database".repeat(1000));

    using history = openHistory(file, { now: NOW });

    expect(history.damagedFile).toBe(`${file}.damaged-20261122T020000Z`);
    expect(readFileSync(`${file}.damaged-20261122T020000Z`, "utf8")).toContain("this is no database");
    expect(history.startRun(NEW_RUN)).toBe("20261122T020000Z");
  });

  it("keeps every damaged file, even of the same second", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    writeFileSync(`${file}.damaged-20261122T020000Z`, "an earlier one");
    writeFileSync(file, "this is no database".repeat(1000));

    using history = openHistory(file, { now: NOW });

    expect(history.damagedFile).toBe(`${file}.damaged-20261122T020000Z-2`);
  });

  it("lets no old log into the new history", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    const writer = openHistory(file, { now: NOW });
    writer.startRun(NEW_RUN);
    const log = readFileSync(`${file}-wal`);
    writer.close();
    writeFileSync(file, "this is no database".repeat(1000));
    writeFileSync(`${file}-wal`, log);

    openHistory(file, { now: NOW }).close();

    using history = openHistory(file, { now: NOW });
    expect(history.damagedFile).toBeUndefined();
    expect(history.runs(1)).toEqual([]);
  });

  it("finds a damaged page by the integrity check", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    const writer = openHistory(file, { now: NOW });
    publish(writer, { run: writer.startRun(NEW_RUN), host: "nz", toplevel: "/nix/store/nz" });
    writer.close();
    const bytes = readFileSync(file);
    bytes.fill(0x55, 3 * 4096, 4 * 4096);
    writeFileSync(file, bytes);

    using history = openHistory(file, { now: minutesLater(1) });

    expect(history.damagedFile).toBe(`${file}.damaged-20261122T020100Z`);
    expect(history.newestGenerations()).toEqual([]);
  });

  it("does not take a file that it may not open for a damaged one", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    mkdirSync(file);

    expect(() => openHistory(file, { now: NOW })).toThrow(
      expect.objectContaining({ code: "ERR_HISTORY_OPEN" }),
    );
    expect(readdirSync(directory.path)).toEqual(["history.sqlite"]);
  });
});
