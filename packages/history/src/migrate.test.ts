import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { CONDEMNATION, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { openHistory } from "./index.ts";
import { migrate, readSchemaVersion } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";

const STEPS = [
  "CREATE TABLE a (x INTEGER) STRICT",
  "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO b VALUES (1)",
];

/** The text of every table and index, by name. */
function readSchema(db: DatabaseSync): unknown[] {
  return db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
}

describe("migrate", () => {
  it("takes an empty database through every step", () => {
    using db = new DatabaseSync(":memory:");

    migrate(db, STEPS);

    expect(readSchemaVersion(db)).toBe(2);
    expect(db.prepare("SELECT y FROM b").all()).toEqual([{ y: 1 }]);
  });

  it("takes each older version through the steps it lacks, and those only", () => {
    using db = new DatabaseSync(":memory:");
    migrate(db, STEPS.slice(0, 1));
    db.exec("INSERT INTO a VALUES (7)");

    migrate(db, STEPS);
    migrate(db, STEPS);

    expect(db.prepare("SELECT x, y FROM a, b").all()).toEqual([{ x: 7, y: 1 }]);
  });

  it("leaves a database at the step before the one that fails", () => {
    using db = new DatabaseSync(":memory:");
    const [first = "", second = ""] = STEPS;

    expect(() => migrate(db, [first, `${second}; NONSENSE`])).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_DAMAGED" }),
    );
    expect(readSchemaVersion(db)).toBe(1);
    expect(db.isTransaction).toBe(false);
    expect(readSchema(db)).toEqual([{ name: "a", sql: first }]);
  });

  it("refuses a database of a newer version", () => {
    using db = new DatabaseSync(":memory:");
    migrate(db, STEPS);

    expect(() => migrate(db, STEPS.slice(0, 1))).toThrow(
      expect.objectContaining({ code: "ERR_HISTORY_VERSION" }),
    );
  });
});

describe("openHistory on a database of an older version", () => {
  it.each([...MIGRATIONS.keys()])("migrates version %i to the schema that a new database has", (version) => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.sqlite");
    using older = new DatabaseSync(file);
    migrate(older, MIGRATIONS.slice(0, version));
    using newest = new DatabaseSync(":memory:");
    migrate(newest, MIGRATIONS);

    using history = openHistory(file, { now: NOW });

    expect(history.damagedFile).toBeUndefined();
    expect(readSchemaVersion(older)).toBe(MIGRATIONS.length);
    expect(readSchema(older)).toEqual(readSchema(newest));
    expect(history.run(history.startRun(NEW_RUN))).toBeDefined();
  });
});

describe("openHistory on what version 1 wrote", () => {
  const VERSION_1 = readFileSync(new URL("../test/fixtures/version-1.sql", import.meta.url), "utf8");
  const [FIRST, SECOND, THIRD] = ["20261120T020000Z", "20261121T020000Z", "20261122T020000Z"];

  function createVersion1(file: string): void {
    using db = new DatabaseSync(file);
    db.exec(VERSION_1);
  }

  it("begins with the schema that the first step makes", () => {
    using written = new DatabaseSync(":memory:");
    written.exec(VERSION_1);
    using made = new DatabaseSync(":memory:");

    migrate(made, MIGRATIONS.slice(0, 1));

    expect(readSchema(made)).toEqual(readSchema(written));
    expect(readSchemaVersion(written)).toBe(1);
  });

  it("keeps every run, step, result and publication", () => {
    using directory = createTemporaryDirectory();
    createVersion1(directory.file("history.sqlite"));

    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(history.damagedFile).toBeUndefined();
    expect(history.runs(9)).toEqual([
      expect.objectContaining({ id: THIRD, status: "RUNNING", revision: "3".repeat(40) }),
      expect.objectContaining({ id: SECOND, status: "PARTIAL", reason: "1 of 3 hosts failed" }),
      expect.objectContaining({ id: FIRST, status: "SUCCESS", lockDigest: "sha256:1" }),
    ]);
    expect(history.runs(9).flatMap(({ id }) => history.steps(id))).toHaveLength(6);
    expect(history.publications(FIRST ?? "")).toHaveLength(2);
    expect(history.lastResults().map(({ host, run, state }) => [host, run, state])).toEqual([
      ["mz", SECOND, "unchanged"],
      ["nz", SECOND, "published"],
      ["oz", SECOND, "failed"],
    ]);
  });

  it("gives a generation the revision and lock of the run that published it last", () => {
    using directory = createTemporaryDirectory();
    createVersion1(directory.file("history.sqlite"));

    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    const second = { revision: "2".repeat(40), lockDigest: "sha256:2" };
    expect(history.generation("mz", 1)).toMatchObject({ run: FIRST, pinned: true, ...second });
    expect(history.generations("nz")).toEqual([
      expect.objectContaining({ number: 2, ...second }),
      expect.objectContaining({
        number: 1,
        revision: "1".repeat(40),
        lockDigest: "sha256:1",
        deletedAt: NOW,
      }),
    ]);
    expect(history.generation("old", 7)).not.toHaveProperty("revision");
  });

  it("knows what is condemned, though not why, and what must not be taken again", () => {
    using directory = createTemporaryDirectory();
    createVersion1(directory.file("history.sqlite"));

    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    const [condemned, ...others] = history.condemnedGenerations();
    expect(condemned).toMatchObject({ host: "old", number: 6 });
    expect(condemned).not.toHaveProperty("condemnedReason");
    expect(others).toEqual([]);
    expect(history.latestConfiguredHosts()).toBeUndefined();
    expect(history.hosts()).toEqual(["mz", "nz", "old", "oz"]);
    expect(history.takeGenerationNumber("nz")).toBe(4);
  });

  it("takes every record of this version afterwards", () => {
    using directory = createTemporaryDirectory();
    createVersion1(directory.file("history.sqlite"));
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    history.recordConfiguredHosts(THIRD ?? "", ["nz"]);
    history.recordLink({ host: "nz", number: 2 }, NOW);
    history.recordClosureDiff({ host: "nz", number: 2, previous: 1, diff: [] });
    history.condemnGeneration({ host: "nz", number: 2 }, CONDEMNATION);

    expect(history.latestRun()?.configuredHosts).toEqual(["nz"]);
    expect(history.condemnedGenerations()).toHaveLength(2);
  });
});
