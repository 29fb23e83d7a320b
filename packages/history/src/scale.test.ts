import { copyFileSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLongHistory, LONG_HISTORY_HOSTS } from "../test/long-history.ts";
import { createQueries } from "../test/queries.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../test/temporary-directory.ts";
import { createReader, type HistoryReader } from "./history-reader.ts";
import { openHistory, openHistorySnapshot } from "./index.ts";

const RUNS = 10_000;

const QUERIES = Object.entries(
  createQueries({ run: "run-5000", lock: "lock-5000", host: "nz", generation: RUNS }),
);

/** With the schema and what leads to the rows; the smallest table that grows has many times as much. */
const FEW_PAGES_BYTES = 64 * 4096;

/** Tables of a row or more for each run; the others have one for each host. */
const GROWING =
  /^(runs|steps|generations|publications|host_results|closure_diffs|locks|lock_inputs|collections|usages)$/;

let directory: TemporaryDirectory;
let file: string;

beforeAll(() => {
  directory = createTemporaryDirectory();
  file = directory.file("history.sqlite");
  createLongHistory(file, RUNS);
});

afterAll(() => {
  directory[Symbol.dispose]();
});

/** The statements that a query prepares. */
function recordStatements(db: DatabaseSync, query: (reader: HistoryReader) => unknown): string[] {
  const statements: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    statements.push(sql);
    return prepare(sql);
  };
  query(createReader(db));
  db.prepare = prepare;
  return statements;
}

/**
 * The steps of SQLite's plan that visit a whole growing table. A scan in the order that is asked for ends at its
 * LIMIT, and one of an index of the live generations has as many rows as those are.
 *
 * @see https://sqlite.org/eqp.html
 */
function findFullScans(db: DatabaseSync, sql: string): string[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  const details = plan.map(({ detail }) => String(detail));
  const isSorted = details.some((detail) => detail.startsWith("USE TEMP B-TREE"));
  if (sql.includes("LIMIT") && !isSorted) return [];
  return details.filter((detail) => {
    const [, table = ""] = /^SCAN (\S+)/.exec(detail) ?? [];
    return GROWING.test(table) && !detail.endsWith("USING INDEX live_generations_by_age");
  });
}

/** The bytes that this thread has read from files; SQLite reads in the thread that asks it. */
function countReadBytes(): number {
  const [, bytes = ""] = /^rchar: (\d+)$/m.exec(readFileSync("/proc/thread-self/io", "utf8")) ?? [];
  return Number.parseInt(bytes, 10);
}

describe("a history of 10,000 runs of 4 hosts", () => {
  it.each(QUERIES)("answers without a scan that grows with the runs: %s", (_, query) => {
    using db = new DatabaseSync(file, { readOnly: true });

    const statements = recordStatements(db, query);

    expect(statements).not.toEqual([]);
    expect(statements.flatMap((sql) => findFullScans(db, sql))).toEqual([]);
  });

  it.each(QUERIES)("answers from a few pages of the file: %s", (_, query) => {
    const before = countReadBytes();
    using db = new DatabaseSync(file, { readOnly: true });

    query(createReader(db));

    expect(countReadBytes() - before).toBeLessThan(FEW_PAGES_BYTES);
  });

  it("finds a scan where there is one", () => {
    using db = new DatabaseSync(file, { readOnly: true });

    expect(findFullScans(db, "SELECT max(id) FROM host_results GROUP BY host")).toHaveLength(1);
    expect(findFullScans(db, "SELECT * FROM runs ORDER BY started_at LIMIT 1")).toEqual(["SCAN runs"]);
    const before = countReadBytes();
    db.prepare("SELECT count(reason) FROM runs").get();
    expect(countReadBytes() - before).toBeGreaterThan(FEW_PAGES_BYTES);
  });

  it("answers what a short one does", () => {
    using history = openHistory(file, { now: new Date(RUNS) });
    history.publishSnapshot(directory.file("history.public.sqlite"));
    using snapshot = openHistorySnapshot(directory.file("history.public.sqlite"));

    const answers = snapshot.read((reader) => [
      reader.latestRun()?.id,
      reader.runs(10).length,
      reader.hosts(),
      reader.lastResults().map(({ run }) => run),
      reader.lastSuccess("nz")?.generation,
      reader.newestGenerations().map(({ number }) => number),
      reader.closureDiff("nz", RUNS)?.previous,
      reader.latestConfiguredHosts(),
    ]);

    const [first, second, third, failing] = LONG_HISTORY_HOSTS;
    expect(answers).toEqual([
      `run-${RUNS}`,
      10,
      [first, second, third, failing],
      LONG_HISTORY_HOSTS.map(() => `run-${RUNS}`),
      RUNS,
      [RUNS, RUNS, RUNS],
      RUNS - 1,
      ["nz"],
    ]);
  });

  it("comes down to the runs of a year, and what they and the present name", () => {
    const copy = directory.file("copy.sqlite");
    copyFileSync(file, copy);
    using history = openHistory(copy, { now: new Date(RUNS) });

    const { runs } = history.forgetBefore(new Date(RUNS - 364));

    // The first run alone knows which hosts are configured: it stays, and the generation that it published.
    expect(runs).toHaveLength(RUNS - 366);
    expect(history.runs(RUNS)).toHaveLength(366);
    expect(history.generations("nz")).toHaveLength(366);
    expect(history.closureDiff("nz", 2)).toBeUndefined();
    expect(history.lockInputs("lock-2")).toBeUndefined();
  });
});
