import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import { setAside } from "./files.ts";
import { HistoryError } from "./history-error.ts";
import { migrate, readSchemaVersion } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { withHistoryErrors } from "./sqlite-error.ts";
import { selectAll } from "./statements.ts";

/** How long a write waits for another process, in ms: a backup or a person with the sqlite3 tool. */
const BUSY_TIMEOUT_MS = 5_000;

/** A database that is ready to write. */
export interface WritableDatabase {
  readonly db: DatabaseSync;
  /** Where the database went that was found damaged; absent where it was sound or new. */
  readonly damagedFile?: string;
}

/**
 * Opens the database for writing with the newest schema; a damaged one is set aside and a new one made.
 *
 * @param now - goes into the name of a damaged file
 * @throws {@link HistoryError} ERR_HISTORY_OPEN, ERR_HISTORY_BUSY, ERR_HISTORY_VERSION, ERR_HISTORY_IO
 */
export function openWritable(file: string, now: Date): WritableDatabase {
  try {
    return { db: openSound(file) };
  } catch (error) {
    if (!(error instanceof HistoryError) || error.code !== "ERR_HISTORY_DAMAGED") throw error;
  }
  const damagedFile = setAside(file, now);
  return { db: openSound(file), damagedFile };
}

/**
 * Opens a published snapshot, which never changes: no lock, no file beside it, no write access needed.
 *
 * @throws {@link HistoryError} ERR_HISTORY_OPEN, ERR_HISTORY_DAMAGED, ERR_HISTORY_VERSION
 */
export function openImmutable(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  const db = withHistoryErrors(() => new DatabaseSync(url, { readOnly: true }), `cannot open ${file}`);
  return closeOnError(db, () => {
    const version = readSchemaVersion(db);
    if (version === MIGRATIONS.length) return;
    throw new HistoryError(
      "ERR_HISTORY_VERSION",
      `expected a snapshot with schema version ${MIGRATIONS.length}, got ${version}`,
    );
  });
}

function openSound(file: string): DatabaseSync {
  const db = withHistoryErrors(
    () => new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }),
    `cannot open ${file}`,
  );
  return closeOnError(db, () => {
    requireIntegrity(db);
    migrate(db, MIGRATIONS);
    // FULL: a generation number that was handed out must survive a power failure.
    withHistoryErrors(() =>
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"),
    );
  });
}

function requireIntegrity(db: DatabaseSync): void {
  const [first] = selectAll(db, "PRAGMA integrity_check(1)");
  const finding = first?.["integrity_check"];
  if (finding !== "ok") throw new HistoryError("ERR_HISTORY_DAMAGED", `integrity check: ${String(finding)}`);
}

function closeOnError(db: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
