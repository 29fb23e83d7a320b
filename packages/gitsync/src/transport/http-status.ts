import { GitSyncError } from "../errors.ts";

/**
 * Tells what an HTTP status other than 200 means for a fetch.
 *
 * @param statusCode the status
 * @param remote address of the repository, without credentials
 */
export function toStatusError(statusCode: number, remote: string): GitSyncError {
  const found = `got HTTP status ${statusCode}`;
  if (statusCode === 401 || statusCode === 403) {
    const message = `expected access to ${remote}, ${found}: it is private, or the credentials are wrong`;
    return new GitSyncError("ERR_GITSYNC_AUTH", message);
  }
  if (statusCode === 404 || statusCode === 410) {
    const message = `expected a repository at ${remote}, ${found}: check the address, or give credentials if it is private`;
    return new GitSyncError("ERR_GITSYNC_REPOSITORY", message);
  }
  const message = `expected an answer from ${remote}, ${found}: try again later`;
  return new GitSyncError("ERR_GITSYNC_NETWORK", message);
}
