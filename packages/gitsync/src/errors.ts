/** What went wrong; the README's table says when each one is thrown. */
export type GitSyncErrorCode =
  | "ERR_GITSYNC_URL"
  | "ERR_GITSYNC_BRANCH"
  | "ERR_GITSYNC_REPOSITORY"
  | "ERR_GITSYNC_NETWORK"
  | "ERR_GITSYNC_AUTH"
  | "ERR_GITSYNC_KEY"
  | "ERR_GITSYNC_HOST_UNKNOWN"
  | "ERR_GITSYNC_HOST_KEY"
  | "ERR_GITSYNC_TIMEOUT"
  | "ERR_GITSYNC_PROTOCOL"
  | "ERR_GITSYNC_COMMAND"
  | "ERR_GITSYNC_DIRECTORY"
  | "ERR_GITSYNC_NO_SPACE"
  | "ERR_GITSYNC_CORRUPT"
  | "ERR_GITSYNC_TREE"
  | "ERR_GITSYNC_SUBMODULE"
  | "ERR_GITSYNC_LFS";

/** Facts that a {@link GitSyncError} carries besides its code. */
export interface GitSyncErrorOptions extends ErrorOptions {
  /** Exit code of ssh or git. */
  readonly exitCode?: number;
  /** Last lines that ssh or git wrote to stderr. */
  readonly stderr?: string;
}

/** The only error that this package throws for what it meets; wrong arguments are TypeError or RangeError. */
export class GitSyncError extends Error {
  override readonly name = "GitSyncError";
  /** What went wrong. */
  readonly code: GitSyncErrorCode;
  /** Exit code of ssh or git, where one of them failed. */
  declare readonly exitCode?: number;
  /** Last lines that ssh or git wrote to stderr, where one of them failed. */
  declare readonly stderr?: string;

  /**
   * @param code what went wrong
   * @param message expected and found, and what to do
   * @param options exit code, stderr and cause
   */
  constructor(code: GitSyncErrorCode, message: string, options: GitSyncErrorOptions = {}) {
    super(message, options);
    this.code = code;
    if (options.exitCode !== undefined) {
      this.exitCode = options.exitCode;
    }
    if (options.stderr !== undefined) {
      this.stderr = options.stderr;
    }
  }
}

/** The errno name of a caught system error, such as ENOENT; undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The message of whatever was caught. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
