/** What went wrong; the README's table says when each occurs and what to do. */
export type StoreDbErrorCode =
  | "ERR_STORE_DB_MISSING"
  | "ERR_STORE_DB_PERMISSION"
  | "ERR_STORE_DB_WAL"
  | "ERR_STORE_DB_FORMAT"
  | "ERR_STORE_DB_SCHEMA"
  | "ERR_STORE_DB_BUSY"
  | "ERR_STORE_DB_CORRUPT"
  | "ERR_STORE_DB_IO"
  | "ERR_STORE_DB_CLOSED";

/** Facts of a {@link StoreDbError}. */
export interface StoreDbErrorDetails {
  /** Absolute path of the database file. */
  readonly file?: string;
  /** Store path of the row that cannot be used. */
  readonly path?: string;
  /** What was caught. */
  readonly cause?: unknown;
}

/** Reports that the store database cannot be opened or read. */
export class StoreDbError extends Error {
  override readonly name = "StoreDbError";
  readonly code: StoreDbErrorCode;
  /** Absolute path of the database file, where the failure concerns the file. */
  readonly file: string | undefined;
  /** Store path of the row that cannot be used, where the failure concerns one row. */
  readonly path: string | undefined;

  constructor(code: StoreDbErrorCode, message: string, details: StoreDbErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.file = details.file;
    this.path = details.path;
  }
}
