import { listTree } from "../checkout/tree-listing.ts";
import type { TreeListing } from "../checkout/tree-listing.ts";
import { GitSyncError, messageOf } from "../errors.ts";
import { createObjectReader } from "../repository/objects.ts";
import type { ObjectReader } from "../repository/objects.ts";
import { listSubmodules } from "./git-modules.ts";
import { toModuleDir } from "./modules-dir.ts";

/** Where the objects of a tree are, and what is in it. */
export interface StoredTree {
  /** The .git directory. */
  readonly gitDir: string;
  readonly reader: ObjectReader;
  readonly listing: TreeListing;
}

/** The tree that a submodule is pinned to. */
export interface SubmoduleTree extends StoredTree {
  /** Its path from the root of the outermost tree. */
  readonly path: string;
}

/**
 * Reads the trees of all submodules of a tree, and of theirs, from the repositories below its .git directory.
 *
 * @param tree the tree that has the submodules
 * @param signal ends the work early
 * @returns each after the one that it is in
 * @throws GitSyncError ERR_GITSYNC_SUBMODULE when one of the commits is not there, ERR_GITSYNC_TREE
 */
export async function readSubmodules(
  tree: StoredTree,
  signal?: AbortSignal,
): Promise<readonly SubmoduleTree[]> {
  const trees: SubmoduleTree[] = [];
  const pending: SubmoduleTree[] = [{ ...tree, path: "" }];
  for (let parent = pending.shift(); parent !== undefined; parent = pending.shift()) {
    for (const { name, path, revision } of await listSubmodules(parent.reader, parent.listing)) {
      const inner = parent.path === "" ? path : `${parent.path}/${path}`;
      const gitDir = toModuleDir(parent.gitDir, name);
      const submodule = { ...(await readCommitTree(gitDir, { path: inner, revision }, signal)), path: inner };
      trees.push(submodule);
      pending.push(submodule);
    }
  }
  return trees;
}

async function readCommitTree(
  gitDir: string,
  { path, revision }: { readonly path: string; readonly revision: string },
  signal: AbortSignal | undefined,
): Promise<StoredTree> {
  const reader = createObjectReader(gitDir);
  try {
    const { tree } = await reader.readCommit(revision);
    return { gitDir, reader, listing: await listTree(reader, tree, signal) };
  } catch (cause) {
    signal?.throwIfAborted();
    if (!(cause instanceof GitSyncError) || cause.code !== "ERR_GITSYNC_CORRUPT") {
      throw cause;
    }
    throw new GitSyncError(
      "ERR_GITSYNC_SUBMODULE",
      `submodule ${JSON.stringify(path)}: ${messageOf(cause)}: sync the checkout with its submodules`,
      { cause },
    );
  }
}
