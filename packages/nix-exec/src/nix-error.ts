/** Why a call of Nix failed; README.md says when each is thrown. */
export type NixErrorCode =
  | "ERR_NIX_NOT_FOUND"
  | "ERR_NIX_VERSION"
  | "ERR_NIX_UNSUPPORTED"
  | "ERR_NIX_FEATURES"
  | "ERR_NIX_BUILD_USERS"
  | "ERR_NIX_DISK_FULL"
  | "ERR_NIX_STORE"
  | "ERR_NIX_FETCH"
  | "ERR_NIX_LOCK"
  | "ERR_NIX_ATTRIBUTE"
  | "ERR_NIX_EVAL"
  | "ERR_NIX_SYSTEM"
  | "ERR_NIX_KEY"
  | "ERR_NIX_SIGNATURE"
  | "ERR_NIX_UNTRUSTED"
  | "ERR_NIX_ACCESS_TOKENS"
  | "ERR_NIX_FAILED"
  | "ERR_NIX_TIMEOUT"
  | "ERR_NIX_KILLED"
  | "ERR_NIX_MEMORY"
  | "ERR_NIX_OUTPUT";

/** Facts of a failed call. */
export interface NixErrorOptions {
  /** The command, such as `nix eval`; never its arguments, which may hold secrets. */
  readonly command?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly stderrTail?: readonly string[];
  readonly cause?: unknown;
}

/** A call of Nix that failed. Branch on `code`, never on the message. */
export class NixError extends Error {
  override readonly name = "NixError";
  readonly code: NixErrorCode;
  /** The command, such as `nix eval`, when one was run. */
  readonly command: string | undefined;
  /** The exit status, when the process ended by itself. */
  readonly exitCode: number | undefined;
  /** The signal that ended the process. */
  readonly signal: string | undefined;
  /** The last lines of standard error, without control characters and credentials. */
  readonly stderrTail: readonly string[];

  constructor(code: NixErrorCode, message: string, options: NixErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.code = code;
    this.command = options.command;
    this.exitCode = options.exitCode;
    this.signal = options.signal;
    this.stderrTail = options.stderrTail ?? [];
  }
}
