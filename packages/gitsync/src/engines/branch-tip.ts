import { GitSyncError } from "../errors.ts";

/** How many branch names an error lists. */
const MAX_LISTED_BRANCHES = 10;

/** A ref of a remote. */
export interface RemoteRef {
  /** Its full name. */
  readonly ref: string;
  readonly oid: string;
}

/**
 * Finds a branch among the branches of a remote.
 *
 * @param refs all refs below refs/heads/
 * @param branch its name
 * @returns the object name of its newest commit
 * @throws GitSyncError ERR_GITSYNC_BRANCH when it is not there, ERR_GITSYNC_REPOSITORY when its name is no SHA-1
 */
export function selectBranchTip(refs: readonly RemoteRef[], branch: string): string {
  const oid = refs.find(({ ref }) => ref === `refs/heads/${branch}`)?.oid;
  if (oid === undefined) {
    throw missingBranchError(refs, branch);
  }
  if (oid.length !== 40) {
    throw new GitSyncError(
      "ERR_GITSYNC_REPOSITORY",
      "expected a repository with SHA-1 object names, got one with SHA-256",
    );
  }
  return oid;
}

function missingBranchError(refs: readonly RemoteRef[], branch: string): GitSyncError {
  const names = refs.map(({ ref }) => ref.replace("refs/heads/", ""));
  const listed = names.slice(0, MAX_LISTED_BRANCHES).join(", ");
  const more = names.length > MAX_LISTED_BRANCHES ? `, and ${names.length - MAX_LISTED_BRANCHES} more` : "";
  const has = names.length === 0 ? "has no branch at all" : `has ${listed}${more}`;
  return new GitSyncError(
    "ERR_GITSYNC_BRANCH",
    `expected a branch ${JSON.stringify(branch)}, but the repository ${has}: correct the name, or push the branch`,
  );
}
