import { join } from "node:path";

import { listTree } from "./checkout/tree-listing.ts";
import { createObjectReader } from "./repository/objects.ts";
import { toSyncDirectory } from "./repository/sync-directory.ts";

/** Options of {@link readCommittedFile}. */
export interface CommittedFileOptions {
  /** A checkout, an absolute path. */
  readonly directory: string;
  /** Full object name of a commit that the checkout has, 40 hexadecimal digits. */
  readonly revision: string;
  /** Path of the file from the root of the tree, such as `flake.lock`. */
  readonly path: string;
}

/**
 * Reads a file as a commit has it, whatever became of it in the work tree since.
 *
 * @param options which file of which commit
 * @returns its content; undefined when the commit has no regular file there
 * @throws GitSyncError ERR_GITSYNC_CORRUPT when the commit is not there or not readable, ERR_GITSYNC_TREE;
 *   TypeError when directory is not absolute
 * @example
 * const lock = await readCommittedFile({ directory: "/var/lib/flake", revision, path: "flake.lock" });
 */
export async function readCommittedFile(options: CommittedFileOptions): Promise<Uint8Array | undefined> {
  const { root } = toSyncDirectory(options.directory);
  const reader = createObjectReader(join(root, ".git"));
  const { tree } = await reader.readCommit(options.revision);
  const { byPath } = await listTree(reader, tree);
  const entry = byPath.get(Buffer.from(options.path).toString("latin1"));
  if (entry?.type !== "file" && entry?.type !== "executable") return undefined;
  for await (const bytes of reader.readBlobs([entry.oid])) return bytes;
  return undefined;
}
