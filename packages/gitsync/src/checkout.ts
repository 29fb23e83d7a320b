import { join } from "node:path";

import { writeIfChanged } from "./git-dir.ts";
import { encodeIndex } from "./index-file.ts";
import type { Commit, ObjectReader } from "./objects.ts";
import type { SyncDirectory } from "./sync-directory.ts";
import { listTree } from "./tree-listing.ts";
import { cleanWorkTree } from "./work-tree.ts";
import { writeTree } from "./write-tree.ts";

/**
 * Makes work tree and index exactly those of a commit: whatever else is in the work tree goes, ignored files included.
 * isomorphic-git's own forced checkout is not that: it keeps untracked files and wrong modes, fails where a file became
 * a directory, and waits for ever at a FIFO.
 *
 * @param directory the checkout
 * @param reader where the commit's objects are
 * @param commit what to check out
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_CORRUPT, ERR_GITSYNC_TREE
 */
export async function checkOut(
  directory: SyncDirectory,
  reader: ObjectReader,
  commit: Commit,
  signal?: AbortSignal,
): Promise<void> {
  const limits = signal === undefined ? {} : { signal };
  const listing = await listTree(reader, commit.tree, signal);
  const kept = await cleanWorkTree(directory.root, listing, signal);
  const stats = await writeTree({
    root: directory.root,
    listing,
    reader,
    modified: commit.commitTime,
    kept,
    ...limits,
  });
  await writeIfChanged(join(directory.gitDir, "index"), encodeIndex(listing.entries, stats));
}
