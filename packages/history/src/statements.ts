import type { DatabaseSync, SQLInputValue } from "node:sqlite";

import type { Row } from "./columns.ts";
import { withHistoryErrors } from "./sqlite-error.ts";

/** Values of a statement's named parameters. */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

/**
 * Reads every row that a statement yields.
 *
 * @throws {@link HistoryError}
 */
export function selectAll(db: DatabaseSync, sql: string, parameters: Parameters = {}): Row[] {
  return withHistoryErrors(() => db.prepare(sql).all(parameters));
}

/**
 * Reads the first row that a statement yields; undefined where there is none.
 *
 * @throws {@link HistoryError}
 */
export function selectFirst(db: DatabaseSync, sql: string, parameters: Parameters = {}): Row | undefined {
  return withHistoryErrors(() => db.prepare(sql).get(parameters));
}

/**
 * Runs a statement that yields no row.
 *
 * @returns how many rows it changed
 * @throws {@link HistoryError}
 */
export function execute(db: DatabaseSync, sql: string, parameters: Parameters = {}): number {
  return withHistoryErrors(() => Number(db.prepare(sql).run(parameters).changes));
}

/**
 * Runs work as one transaction: all of it is recorded, or nothing.
 *
 * @throws {@link HistoryError}, or what the work throws
 */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  // IMMEDIATE takes the write lock first: a read that turns into a write could meet SQLITE_BUSY half-way.
  withHistoryErrors(() => db.exec("BEGIN IMMEDIATE"));
  try {
    const result = work();
    withHistoryErrors(() => db.exec("COMMIT"));
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
