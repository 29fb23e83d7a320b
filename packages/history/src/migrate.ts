import type { DatabaseSync } from "node:sqlite";

import { integerColumn } from "./columns.ts";
import { HistoryError } from "./history-error.ts";
import { withHistoryErrors } from "./sqlite-error.ts";
import { selectFirst, transact } from "./statements.ts";

/** Reads the schema version of a database; 0 for an empty one. */
export function readSchemaVersion(db: DatabaseSync): number {
  const row = selectFirst(db, "PRAGMA user_version");
  return row === undefined ? 0 : integerColumn(row, "user_version");
}

/**
 * Brings a database to the newest schema; each step is a transaction of its own.
 *
 * @param steps - SQL of each step; step N leads to user_version N + 1
 * @throws {@link HistoryError} ERR_HISTORY_VERSION for a database that a newer version of this library wrote
 */
export function migrate(db: DatabaseSync, steps: readonly string[]): void {
  const version = readSchemaVersion(db);
  if (version > steps.length) {
    throw new HistoryError(
      "ERR_HISTORY_VERSION",
      `expected schema version ${steps.length} or older, got ${version}: a newer version wrote this history`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    transact(db, () => withHistoryErrors(() => db.exec(`${step}; PRAGMA user_version = ${index + 1}`)));
  }
}
