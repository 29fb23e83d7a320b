import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { NEW_RUN, NOW } from "../test/records.ts";
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
