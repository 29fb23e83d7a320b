/** Why a NAR could not be read, written, dumped or restored. The README says when each is thrown. */
export type NarErrorCode =
  | "ERR_NAR_CLEANUP"
  | "ERR_NAR_CONTENTS"
  | "ERR_NAR_DEPTH"
  | "ERR_NAR_EVENT"
  | "ERR_NAR_EXISTS"
  | "ERR_NAR_FILE_CHANGED"
  | "ERR_NAR_FILE_TYPE"
  | "ERR_NAR_IO"
  | "ERR_NAR_MAGIC"
  | "ERR_NAR_NAME"
  | "ERR_NAR_NOT_FOUND"
  | "ERR_NAR_NOT_UTF8"
  | "ERR_NAR_ORDER"
  | "ERR_NAR_PADDING"
  | "ERR_NAR_SIZE"
  | "ERR_NAR_TAG"
  | "ERR_NAR_TARGET"
  | "ERR_NAR_TOO_LONG"
  | "ERR_NAR_TRAILING"
  | "ERR_NAR_TRUNCATED"
  | "ERR_NAR_TYPE";

/** Facts about a failure, beside its code. */
export interface NarErrorFacts {
  /** Byte of the NAR at which the offending field begins. */
  readonly offset?: number;
  /** File on disk that was being dumped or restored; bytes that are not UTF-8 are shown as U+FFFD. */
  readonly path?: string;
  /** What was caught. */
  readonly cause?: unknown;
}

/** Says that a NAR, or a tree that was to become one, is not what it has to be. */
export class NarError extends Error {
  override readonly name = "NarError";
  readonly code: NarErrorCode;
  declare readonly offset?: number;
  declare readonly path?: string;

  /**
   * @param code what went wrong, for callers to branch on
   * @param message what was expected and what was found, for people
   * @param facts where it went wrong
   */
  constructor(code: NarErrorCode, message: string, facts: NarErrorFacts = {}) {
    super(message, "cause" in facts ? { cause: facts.cause } : {});
    this.code = code;
    if (facts.offset !== undefined) this.offset = facts.offset;
    if (facts.path !== undefined) this.path = facts.path;
  }
}
