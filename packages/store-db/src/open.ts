import { statSync } from "node:fs";
import type { BigIntStats } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import { StoreDbError } from "./errors.ts";
import { fromFileError, fromSqliteError, isReadOnlyWalFailure } from "./failure.ts";

/** Compiles the queries of a newly opened database. */
export type Prepare<Queries> = (database: DatabaseSync) => Queries;

/** Reads one database file through prepared queries. */
export interface Reader<Queries> {
  /** Runs `use` on a current view of the file. */
  readonly read: <Result>(use: (queries: Queries) => Result) => Result;
  readonly close: () => void;
}

interface Session<Queries> {
  readonly database: DatabaseSync;
  readonly fileId: string;
  readonly queries: Queries;
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

/** How long a read waits for a lock. WAL readers wait only while a log is recovered or a schema upgraded. */
const BUSY_TIMEOUT_MS = 5000;

/** A file that changed during each of so many reads in a row has a busy writer. */
const MAX_IMMUTABLE_READS = 20;

/**
 * Opens a database that other processes write, in WAL mode, with or without write access to its directory.
 * @throws {StoreDbError} when the file cannot be opened or the queries do not fit it
 * @see https://www.sqlite.org/wal.html#read_only_databases
 */
export function openReader<Queries>(file: string, prepare: Prepare<Queries>): Reader<Queries> {
  let session: Session<Queries> | undefined;
  let isClosed = false;

  function read<Result>(use: (queries: Queries) => Result): Result {
    if (isClosed) throw new StoreDbError("ERR_STORE_DB_CLOSED", `expected ${file} to be open`, { file });
    const fileId = identify(statDatabase(file));
    // A restored or newly initialized store has another file under the same name.
    if (session?.fileId !== fileId) endSession();
    try {
      session ??= openSession(file, fileId, prepare);
      return use(session.queries);
    } catch (error) {
      endSession();
      if (isReadOnlyWalFailure(error)) return readImmutable(file, prepare, use);
      throw fromSqliteError(error, file);
    }
  }

  function endSession(): void {
    session?.database.close();
    session = undefined;
  }

  read(() => undefined);
  return {
    read,
    close() {
      endSession();
      isClosed = true;
    },
  };
}

function openSession<Queries>(file: string, fileId: string, prepare: Prepare<Queries>): Session<Queries> {
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return { database, fileId, queries: prepare(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Reads a database at rest without write access to its directory: SQLite then cannot make the -shm file
 * that it needs, and reads only when told that nobody writes. That holds as long as there is no log and
 * the file stays the same, so both are looked at before and after, and nothing is kept for the next read.
 */
function readImmutable<Queries, Result>(
  file: string,
  prepare: Prepare<Queries>,
  use: (queries: Queries) => Result,
): Result {
  for (let reads = 0; reads < MAX_IMMUTABLE_READS; reads++) {
    const before = restingState(file);
    const outcome = attemptImmutableRead(file, prepare, use);
    if (restingState(file) !== before) continue;
    if ("error" in outcome) throw fromSqliteError(outcome.error, file);
    if (walSize(file) > 0n) throw walError(file);
    return outcome.result;
  }
  throw new StoreDbError("ERR_STORE_DB_BUSY", `${file} changed during every read of it; try again`, { file });
}

function attemptImmutableRead<Queries, Result>(
  file: string,
  prepare: Prepare<Queries>,
  use: (queries: Queries) => Result,
): Outcome<Result> {
  const url = pathToFileURL(file);
  url.search = "?immutable=1";
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(url, { readOnly: true });
    return { result: use(prepare(database)) };
  } catch (error) {
    return { error };
  } finally {
    database?.close();
  }
}

/** Tells one state of a database and its log from another. */
function restingState(file: string): string {
  const stats = statDatabase(file);
  return `${identify(stats)} ${stats.size} ${stats.mtimeNs} ${walSize(file)}`;
}

/** Size in bytes of the log, whose rows an immutable read would miss. */
function walSize(file: string): bigint {
  return statSync(`${file}-wal`, { bigint: true, throwIfNoEntry: false })?.size ?? 0n;
}

function walError(file: string): StoreDbError {
  const advice =
    "run any nix command that may write the store, or run as a user who may write that directory";
  return new StoreDbError(
    "ERR_STORE_DB_WAL",
    `${file}-wal needs its -shm file, which is missing; ${advice}`,
    { file },
  );
}

function statDatabase(file: string): BigIntStats {
  try {
    return statSync(file, { bigint: true });
  } catch (error) {
    throw fromFileError(error, file);
  }
}

function identify(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}
