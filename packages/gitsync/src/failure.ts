import { errnoOf, GitSyncError, messageOf } from "./errors.ts";

/**
 * Turns what the file system throws into this package's error; anything else passes as it is.
 *
 * @param error what was caught
 */
export function toFileError(error: unknown): unknown {
  const code = errnoOf(error);
  if (!isSystemError(error)) {
    return error;
  }
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    const message = `expected room for the checkout, and the disk, a quota or a limit is full (${messageOf(error)}): free some space, or raise the limit`;
    return new GitSyncError("ERR_GITSYNC_NO_SPACE", message, { cause: error });
  }
  const message = `expected to read and write the checkout, got ${code} (${messageOf(error)}): check its owner and permissions`;
  return new GitSyncError("ERR_GITSYNC_DIRECTORY", message, { cause: error });
}

/**
 * Whether an error tells of a damaged repository, which a new one cures; not of the remote, nor of the machine.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof GitSyncError) {
    return error.code === "ERR_GITSYNC_CORRUPT";
  }
  // isomorphic-git and its parsers throw errors of many kinds at damaged files. Of the system's, these say that
  // something is missing, or of the wrong type; the others would stop a new repository as well.
  return (
    !isSystemError(error) || /^(?:ENOENT|ENOTDIR|EISDIR|EEXIST|ENOTEMPTY|ELOOP)$/.test(errnoOf(error) ?? "")
  );
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
