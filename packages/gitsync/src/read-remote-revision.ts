import { checkBranchName } from "./branch-name.ts";
import { openEngine } from "./engines/open-engine.ts";
import type { EngineOptions } from "./engines/open-engine.ts";
import { toFileError } from "./failure.ts";

/** Options of {@link readRemoteRevision}. */
export interface RemoteRevisionOptions extends EngineOptions {
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
  const engine = openEngine(options);
  try {
    options.signal?.throwIfAborted();
    return await engine.findTip(branch);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toFileError(error);
  } finally {
    await engine.close();
  }
}
