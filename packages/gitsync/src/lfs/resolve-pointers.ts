import type { TreeListing } from "../checkout/tree-listing.ts";
import type { GitCall } from "../engines/git-process.ts";
import { fetchLfsObjects } from "./fetch-lfs.ts";
import { openLfsRepository } from "./lfs-repository.ts";
import { findLfsUrl } from "./lfs-url.ts";
import { listLfsAttributes, listPointers, readPointers } from "./read-pointers.ts";
import type { ReadableTree } from "./read-pointers.ts";

/** A tree whose pointers of Git LFS are to be resolved. */
export interface PointerRequest extends ReadableTree {
  /** The .git directory that has the tree. */
  readonly gitDir: string;
  /** A path on the same file system for what is on its way. Nothing is there, and nothing is there afterwards. */
  readonly incomingDir: string;
}

/** Where the contents come from. */
export interface LfsSource {
  /** The commit that has the tree. */
  readonly revision: string;
  /** Address of its repository. */
  readonly url: string;
}

/**
 * Finds the pointers of Git LFS in a tree, and brings what they stand for.
 *
 * @param request the tree
 * @param call how to call git
 * @param source where the contents come from; without it nothing is brought
 * @returns the tree, in which each pointer says what it stands for
 * @throws GitSyncError ERR_GITSYNC_LFS, ERR_GITSYNC_URL, ERR_GITSYNC_COMMAND, and the codes of the remote
 */
export async function resolvePointers(
  request: PointerRequest,
  call: Omit<GitCall, "args" | "gitDir">,
  source?: LfsSource,
): Promise<TreeListing> {
  const { gitDir, incomingDir, listing } = request;
  const entries = await listLfsAttributes(request);
  if (entries.length === 0) {
    return listing;
  }
  await using repository = await openLfsRepository({ call, entries, gitDir, scratchDir: incomingDir });
  const resolved = await readPointers(repository.call, request);
  if (source !== undefined) {
    const url = await findLfsUrl(source.url, request);
    const pointers = listPointers(resolved);
    await fetchLfsObjects(repository, { gitDir, revision: source.revision, pointers, url });
  }
  return resolved;
}
