import { checkBranchName } from "./branch-name.ts";
import { findBranchTip } from "./engines/fetch-branch.ts";
import { toGitSyncError } from "./failure.ts";
import { openRemote } from "./transport/open-remote.ts";
import type { RemoteOptions } from "./transport/open-remote.ts";

/** Options of {@link readRemoteRevision}. */
export interface RemoteRevisionOptions extends RemoteOptions {
  /** Name of the branch, without refs/heads/. */
  readonly branch: string;
}

/**
 * Asks a repository where a branch is, by the same way and with the same checks as a sync, and fetches nothing.
 *
 * @param options the branch, and how to reach the repository
 * @returns the branch's newest revision
 * @throws GitSyncError that says what a sync would fail of, the signal's reason when aborted; TypeError, RangeError on
 *   wrong arguments
 * @example
 * const revision = await readRemoteRevision({ url: "git@example.org:team/flake.git", branch: "main", env: process.env });
 */
export async function readRemoteRevision(options: RemoteRevisionOptions): Promise<string> {
  const branch = checkBranchName(options.branch);
  const { transport, url } = openRemote(options);
  try {
    options.signal?.throwIfAborted();
    return await findBranchTip(transport, url, branch);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toGitSyncError(error, options.url);
  } finally {
    await transport.close();
  }
}
