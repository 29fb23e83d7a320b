import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { GitSyncError } from "../errors.ts";
import { runGit } from "./git-process.ts";
import type { GitCall } from "./git-process.ts";
import { REMOTE_NAME } from "./git-remote.ts";

/**
 * Which objects of the history to leave at the remote: the contents of files that the newest commit does not have.
 *
 * @see https://git-scm.com/docs/partial-clone
 */
export type ObjectFilter = "blob:none";

/** What makes git take the absence of objects for intended, as NAME=VALUE. */
export function formatFilterSettings(filter: ObjectFilter | undefined): readonly string[] {
  return filter === undefined
    ? []
    : [`remote.${REMOTE_NAME}.promisor=true`, `remote.${REMOTE_NAME}.partialclonefilter=${filter}`];
}

/**
 * Checks that a store lacks objects only where that is wanted.
 *
 * @param gitDir the .git directory
 * @param filter what may be missing
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 */
export async function checkPartialStore(gitDir: string, filter: ObjectFilter | undefined): Promise<void> {
  const names = await readdir(join(gitDir, "objects/pack"));
  if (filter === undefined && names.some((name) => name.endsWith(".promisor"))) {
    throw new GitSyncError(
      "ERR_GITSYNC_CORRUPT",
      "expected a repository with all its objects, got a partial clone",
    );
  }
}

/**
 * Lists what a commit's tree needs and the repository does not have.
 *
 * @param call a call of git in the repository
 * @param revision object name of the commit
 */
export async function listMissingObjects(call: Omit<GitCall, "args">, revision: string): Promise<string[]> {
  const args = ["rev-list", "--objects", "--no-object-names", "--missing=print", `${revision}^{tree}`];
  const { stdout } = await runGit({ ...call, args });
  return [...stdout.matchAll(/^\?([0-9a-f]{40})$/gm)].flatMap(([, oid]) => oid ?? []);
}
