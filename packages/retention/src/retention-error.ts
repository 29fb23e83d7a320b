/** Why a plan could not be made; README.md says when each occurs. */
export type RetentionErrorCode =
  | "ERR_RETENTION_MISSING_PATH"
  | "ERR_RETENTION_DUPLICATE_GENERATION"
  | "ERR_RETENTION_TOO_LARGE";

/** Facts that go with a {@link RetentionError}. */
export interface RetentionErrorFacts {
  readonly path?: string;
  readonly host?: string;
  readonly number?: number;
}

/** Reports generations and closures that contradict each other. */
export class RetentionError extends Error {
  override readonly name = "RetentionError";
  readonly code: RetentionErrorCode;
  /** Store path that the error is about. */
  readonly path: string | undefined;
  /** Host that the error is about. */
  readonly host: string | undefined;
  /** Number of the generation that the error is about. */
  readonly number: number | undefined;

  constructor(code: RetentionErrorCode, message: string, facts: RetentionErrorFacts = {}) {
    super(message);
    this.code = code;
    this.path = facts.path;
    this.host = facts.host;
    this.number = facts.number;
  }
}
