/** Why there is no diff; README.md says when each occurs. */
export type ClosureDiffErrorCode =
  | "ERR_CLOSURE_DIFF_MISSING_PATH"
  | "ERR_CLOSURE_DIFF_TOO_LARGE"
  | "ERR_CLOSURE_DIFF_VERSION"
  | "ERR_CLOSURE_DIFF_INVALID";

/** Facts that go with a {@link ClosureDiffError}. */
export interface ClosureDiffErrorFacts {
  readonly path?: string;
  readonly key?: string;
}

/** Reports a closure that is not whole, or data that is no diff. */
export class ClosureDiffError extends Error {
  override readonly name = "ClosureDiffError";
  readonly code: ClosureDiffErrorCode;
  /** Store path that the error is about. */
  readonly path: string | undefined;
  /** Where in the data the error is, as in `packages[3].name`. */
  readonly key: string | undefined;

  constructor(code: ClosureDiffErrorCode, message: string, facts: ClosureDiffErrorFacts = {}) {
    super(message);
    this.code = code;
    this.path = facts.path;
    this.key = facts.key;
  }
}
