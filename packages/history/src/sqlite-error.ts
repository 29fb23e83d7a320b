import { HistoryError, type HistoryErrorCode } from "./history-error.ts";

/** Extended result codes that tell more than their primary code: https://sqlite.org/rescode.html */
const CODE_BY_EXTENDED_RESULT: ReadonlyMap<number, HistoryErrorCode> = new Map([
  [787, "ERR_HISTORY_UNKNOWN"], // SQLITE_CONSTRAINT_FOREIGNKEY
]);

/** Primary result codes, the low byte of the extended ones; whatever is not here is a failing disk. */
const CODE_BY_PRIMARY_RESULT: ReadonlyMap<number, HistoryErrorCode> = new Map([
  [1, "ERR_HISTORY_DAMAGED"], // SQLITE_ERROR: our statements are right, so the schema is not what its version says
  [3, "ERR_HISTORY_OPEN"], // SQLITE_PERM
  [5, "ERR_HISTORY_BUSY"], // SQLITE_BUSY
  [6, "ERR_HISTORY_BUSY"], // SQLITE_LOCKED
  [8, "ERR_HISTORY_OPEN"], // SQLITE_READONLY
  [11, "ERR_HISTORY_DAMAGED"], // SQLITE_CORRUPT
  [14, "ERR_HISTORY_OPEN"], // SQLITE_CANTOPEN
  [19, "ERR_HISTORY_CONFLICT"], // SQLITE_CONSTRAINT
  [26, "ERR_HISTORY_DAMAGED"], // SQLITE_NOTADB
]);

/**
 * Runs work on a database and turns what SQLite reports into a HistoryError.
 *
 * @param context - what was attempted; the message begins with it
 * @throws {@link HistoryError} for an error of SQLite; any other error passes as it is
 */
export function withHistoryErrors<T>(work: () => T, context = "sqlite"): T {
  try {
    return work();
  } catch (error) {
    throw toHistoryError(error, context);
  }
}

function toHistoryError(error: unknown, context: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  return code === undefined
    ? error
    : new HistoryError(code, `${context}: ${error.message}`, { cause: error });
}

function codeOf(error: Error): HistoryErrorCode | undefined {
  // node:sqlite refuses an integer that a number cannot hold; we write none.
  if ("code" in error && error.code === "ERR_OUT_OF_RANGE") return "ERR_HISTORY_DAMAGED";
  if (!("errcode" in error) || typeof error.errcode !== "number") return undefined;
  const primary = error.errcode & 0xff;
  return (
    CODE_BY_EXTENDED_RESULT.get(error.errcode) ?? CODE_BY_PRIMARY_RESULT.get(primary) ?? "ERR_HISTORY_IO"
  );
}
