import { StoreDbError } from "./errors.ts";

/** Primary result codes: the low byte of node:sqlite's errcode (https://www.sqlite.org/rescode.html). */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Whether SQLite failed as it does when it may not make the -shm file of a WAL database. */
export function isReadOnlyWalFailure(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_READONLY || code === SQLITE_CANTOPEN;
}

/** Whether a statement does not fit the tables found. */
export function isMisfit(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_ERROR;
}

/** Turns what SQLite threw into an error that says what to do; anything else stays what it is. */
export function fromSqliteError(error: unknown, file: string): unknown {
  const details = { file, cause: error };
  switch (sqliteCode(error)) {
    case undefined:
      return error;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new StoreDbError("ERR_STORE_DB_BUSY", `${file} stayed locked; try again`, details);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return permissionError(file, error);
    case SQLITE_NOTADB:
      return new StoreDbError("ERR_STORE_DB_FORMAT", `${file} is no database; check stateDir`, details);
    case SQLITE_CORRUPT: {
      const advice = "restore it from a backup or run 'nix-store --verify'";
      return new StoreDbError("ERR_STORE_DB_CORRUPT", `${file} is damaged; ${advice}`, details);
    }
    default:
      return ioError(file, error);
  }
}

/** Turns what the file system threw into an error that says what to do. */
export function fromFileError(error: unknown, file: string): StoreDbError {
  switch (error instanceof Error && "code" in error && error.code) {
    case "ENOENT":
    case "ENOTDIR": {
      const advice = "check stateDir, or let a nix command create the store";
      const details = { file, cause: error };
      return new StoreDbError("ERR_STORE_DB_MISSING", `there is no ${file}; ${advice}`, details);
    }
    case "EACCES":
    case "EPERM":
      return permissionError(file, error);
    default:
      return ioError(file, error);
  }
}

function permissionError(file: string, cause: unknown): StoreDbError {
  const message = `${file} cannot be opened; let this user read it, its -wal and -shm files and their directory`;
  return new StoreDbError("ERR_STORE_DB_PERMISSION", message, { file, cause });
}

function ioError(file: string, cause: unknown): StoreDbError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${file} cannot be read: ${reason}; check the disk`;
  return new StoreDbError("ERR_STORE_DB_IO", message, { file, cause });
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
