/** What went wrong with the history; README.md says when each occurs. */
export type HistoryErrorCode =
  | "ERR_HISTORY_OPEN"
  | "ERR_HISTORY_BUSY"
  | "ERR_HISTORY_VERSION"
  | "ERR_HISTORY_DAMAGED"
  | "ERR_HISTORY_UNKNOWN"
  | "ERR_HISTORY_CONFLICT"
  | "ERR_HISTORY_IO";

/** Reports that the history could not be opened, read or written, or that a record contradicts it. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
