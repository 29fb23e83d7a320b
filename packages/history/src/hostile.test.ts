import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { zstdCompressSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createQueries } from "../test/queries.ts";
import { recordEverything } from "../test/record-everything.ts";
import { NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { HistoryError, openHistory, openHistorySnapshot } from "./index.ts";
import { MIGRATIONS } from "./migrations.ts";

/** The bytes of a snapshot with a row or more in every table: a whole database in one file. */
function createDatabaseBytes(): Buffer {
  using directory = createTemporaryDirectory();
  using history = openHistory(directory.file("history.sqlite"), { now: NOW });
  for (const _ of ["first", "second"]) recordEverything(history);
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

const RUN_ID = "20261122T020000Z-2";
const QUERIES = createQueries({ run: RUN_ID, lock: `sha256:${RUN_ID}`, host: "nz", generation: 2 });
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
          snapshot.read((reader) => Object.values(QUERIES).map((query) => query(reader))),
        );

        expect(["done", "ERR_HISTORY_VERSION", "ERR_HISTORY_DAMAGED", "ERR_HISTORY_IO"]).toContain(outcome);
      }),
      { numRuns: 100 },
    );
  });
});

/** A valid JSON text of 32 MiB, in a few KB. */
const TOO_MUCH = zstdCompressSync(`"${"x".repeat(2 ** 25)}"`);

/** Every column of every table. */
const COLUMNS = readColumns();

const values = fc.oneof(
  fc.constantFrom<SQLInputValue>(
    null,
    -1,
    0.5,
    Number.MAX_VALUE,
    2n ** 62n,
    8.64e15 + 1,
    "",
    "[1]",
    "{}",
    "nz",
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 9 }),
);

function readColumns(): { readonly table: string; readonly column: string }[] {
  using directory = createTemporaryDirectory();
  writeFileSync(directory.file("history.sqlite"), BYTES);
  using db = new DatabaseSync(directory.file("history.sqlite"));
  const sql = `SELECT list.name AS listed, info.name AS column
    FROM pragma_table_list AS list, pragma_table_info(list.name) AS info WHERE list.strict`;
  return db
    .prepare(sql)
    .all()
    .map(({ listed, column }) => ({ table: String(listed), column: String(column) }));
}

/** A value in a column that the library does not put there. */
interface Hostility {
  readonly table: string;
  readonly column: string;
  readonly value: SQLInputValue;
}

/** What each query comes to on a snapshot whose tables let any value in. */
function readHostile({ table, column, value }: Hostility): string[] {
  using directory = createTemporaryDirectory();
  writeFileSync(directory.file("sound.sqlite"), BYTES);
  using db = new DatabaseSync(directory.file("hostile.sqlite"));
  db.prepare("ATTACH ? AS sound").run(directory.file("sound.sqlite"));
  // What two hundred of them need not survive is a power failure.
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  for (const name of new Set(COLUMNS.map((sound) => sound.table))) {
    db.exec(`CREATE TABLE ${name} AS SELECT * FROM sound.${name}`);
  }
  db.prepare(`UPDATE ${table} SET ${column} = ?`).run(value);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
  using snapshot = openHistorySnapshot(directory.file("hostile.sqlite"));
  return Object.values(QUERIES).map((query) => outcomeOf(() => snapshot.read(query)));
}

describe("openHistorySnapshot on any values", () => {
  it("answers or throws HistoryError, whatever a column holds", () => {
    fc.assert(
      fc.property(fc.constantFrom(...COLUMNS), values, (place, value) => {
        const outcomes = readHostile({ ...place, value });

        expect(["done", "ERR_HISTORY_DAMAGED"]).toEqual(expect.arrayContaining(outcomes));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["hosts that are no list", { table: "runs", column: "configured_hosts", value: '{"length":1}' }],
    ["hosts that are no texts", { table: "runs", column: "configured_hosts", value: "[1]" }],
    ["hosts that are no JSON", { table: "runs", column: "configured_hosts", value: "nz" }],
    ["a diff that is not compressed", { table: "closure_diffs", column: "diff", value: Buffer.from("{}") }],
    ["a diff that is text", { table: "closure_diffs", column: "diff", value: "{}" }],
    ["a diff that is no JSON", { table: "closure_diffs", column: "diff", value: zstdCompressSync("{") }],
    ["a diff that unpacks to too much", { table: "closure_diffs", column: "diff", value: TOO_MUCH }],
    ["a time that no Date has", { table: "usages", column: "at", value: 8.64e15 + 1 }],
    ["an integer that no number holds", { table: "usages", column: "free_bytes", value: 2n ** 62n }],
    ["a mode that is none", { table: "collections", column: "mode", value: "all" }],
    ["a lock input without a name", { table: "lock_inputs", column: "name", value: null }],
  ])("takes %s for damage", (_, hostility) => {
    expect(readHostile(hostility)).toContain("ERR_HISTORY_DAMAGED");
  });
});
