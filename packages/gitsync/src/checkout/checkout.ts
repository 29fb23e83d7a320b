import { join } from "node:path";

import { writeIfChanged } from "../repository/git-dir.ts";
import type { Commit, ObjectReader } from "../repository/objects.ts";
import type { SyncDirectory } from "../repository/sync-directory.ts";
import type { Submodule } from "../submodules/git-modules.ts";
import { encodeIndex } from "./index-file.ts";
import type { TreeListing } from "./tree-listing.ts";
import { cleanWorkTree } from "./work-tree.ts";
import { writeTree } from "./write-tree.ts";

/** What to check out. */
export interface CommitSource {
  /** Where the commit's objects are. */
  readonly reader: ObjectReader;
  readonly commit: Commit;
  /** Its tree. */
  readonly listing: TreeListing;
  /** Submodules whose directories are not to be empty; what is in them stays as it is. */
  readonly submodules: readonly Pick<Submodule, "path">[];
}

/**
 * Makes work tree and index exactly those of a commit: whatever else is in the work tree goes, ignored files included.
 * isomorphic-git's own forced checkout is not that: it keeps untracked files and wrong modes, fails where a file became
 * a directory, and waits for ever at a FIFO.
 *
 * @param directory the checkout
 * @param source the commit
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_CORRUPT, ERR_GITSYNC_LFS
 */
export async function checkOut(
  directory: Pick<SyncDirectory, "root" | "gitDir">,
  source: CommitSource,
  signal?: AbortSignal,
): Promise<void> {
  const { commit, listing, reader } = source;
  const limits = signal === undefined ? {} : { signal };
  // The listing's paths are bytes.
  const populated = new Set(source.submodules.map(({ path }) => Buffer.from(path).toString("latin1")));
  const kept = await cleanWorkTree({ root: directory.root, listing, populated, ...limits });
  const stats = await writeTree({
    root: directory.root,
    listing,
    reader,
    gitDir: directory.gitDir,
    modified: commit.commitTime,
    kept,
    ...limits,
  });
  await writeIfChanged(join(directory.gitDir, "index"), encodeIndex(listing.entries, stats));
}
