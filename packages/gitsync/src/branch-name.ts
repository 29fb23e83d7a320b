import { GitSyncError } from "./errors.ts";

/** What git forbids anywhere: controls, space, ~ ^ : ? * [ \ and the sequences .. // @{ */
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|\/\/|@\{/u;

/**
 * Checks the name of a branch by git's rules.
 *
 * @param branch a name without refs/heads/
 * @returns the same name
 * @throws GitSyncError ERR_GITSYNC_BRANCH
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function checkBranchName(branch: string): string {
  const components = branch.split("/");
  const isBad =
    branch === "" ||
    branch === "@" ||
    branch === "HEAD" ||
    branch.startsWith("-") ||
    branch.endsWith(".") ||
    FORBIDDEN.test(branch) ||
    components.some((part) => part === "" || part.startsWith(".") || part.endsWith(".lock"));
  if (isBad) {
    throw new GitSyncError(
      "ERR_GITSYNC_BRANCH",
      `expected the name of a branch, got ${JSON.stringify(branch)}`,
    );
  }
  return branch;
}
