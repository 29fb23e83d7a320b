import { Errors } from "isomorphic-git";

import { errnoOf, GitSyncError, messageOf } from "./errors.ts";
import { hideCredentials } from "./transport/remote-url.ts";

/**
 * Turns what isomorphic-git and the file system throw into this package's error; its own errors, wrong arguments and an
 * abort's reason pass as they are.
 *
 * @param error what was caught
 * @param url the repository, for messages
 */
export function toGitSyncError(error: unknown, url: string): unknown {
  if (error instanceof Errors.HttpError) {
    return toHttpError(error, hideCredentials(url));
  }
  if (error instanceof Errors.SmartHttpError) {
    const message = `expected a git server at ${hideCredentials(url)}, got another kind of page: check the address`;
    return new GitSyncError("ERR_GITSYNC_REPOSITORY", message, { cause: error });
  }
  return toFileError(error);
}

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
  if (code === "ENOSPC" || code === "EDQUOT") {
    const message = `expected room for the checkout, and the disk is full (${messageOf(error)}): free some space`;
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

function toHttpError(error: InstanceType<typeof Errors.HttpError>, remote: string): GitSyncError {
  const { statusCode } = error.data;
  const found = `got HTTP status ${statusCode}`;
  const options = { cause: error };
  if (statusCode === 401 || statusCode === 403) {
    const message = `expected access to ${remote}, ${found}: it is private, or the credentials are wrong`;
    return new GitSyncError("ERR_GITSYNC_AUTH", message, options);
  }
  if (statusCode === 404 || statusCode === 410) {
    const message = `expected a repository at ${remote}, ${found}: check the address`;
    return new GitSyncError("ERR_GITSYNC_REPOSITORY", message, options);
  }
  const message = `expected an answer from ${remote}, ${found}: try again later`;
  return new GitSyncError("ERR_GITSYNC_NETWORK", message, options);
}
