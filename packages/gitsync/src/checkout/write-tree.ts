import { lstatSync, lutimesSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import type { BigIntStats } from "node:fs";

import { GitSyncError } from "../errors.ts";
import { writeLfsObject } from "../lfs/lfs-objects.ts";
import type { ObjectReader } from "../repository/objects.ts";
import { parentsOf, toFilePath } from "./file-path.ts";
import type { TreeEntry, TreeListing } from "./tree-listing.ts";
import type { KeptEntries } from "./work-tree.ts";

/** What to write, and where. */
export interface WriteTreeOptions {
  /** An existing directory. */
  readonly root: string;
  readonly listing: TreeListing;
  readonly reader: ObjectReader;
  /** The .git directory that has what pointers of Git LFS stand for. */
  readonly gitDir: string;
  /** Modification time of every file and symlink that is written. */
  readonly modified: Date;
  /** Entries that are there already and stay. */
  readonly kept?: KeptEntries;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the entries of a tree that are not there yet. Everything gets the commit's time, not the clock's: git then
 * never finds an entry as young as its index, which would make it filter and compare the contents again.
 *
 * @returns what lstat says of every entry, old and new
 */
export async function writeTree(options: WriteTreeOptions): Promise<ReadonlyMap<string, BigIntStats>> {
  const { root, listing, reader, signal } = options;
  const written = new Map<string, BigIntStats>(options.kept);
  const missing = listing.entries.filter(({ path }) => !written.has(path));
  const oids = missing.filter(isBlob).map(({ oid }) => oid);
  const blobs = reader.readBlobs(oids);
  const known = new Set<string>();
  try {
    for (const entry of missing) {
      signal?.throwIfAborted();
      makeParents(root, entry.path, known);
      const file = toFilePath(root, entry.path);
      await writeEntry(file, entry, { ...options, blobs });
      written.set(entry.path, lstatSync(file, { bigint: true }));
    }
  } finally {
    await blobs.return(undefined);
  }
  return written;
}

/** Whether an entry holds the bytes of its blob. */
function isBlob({ pointer, type }: TreeEntry): boolean {
  return type !== "submodule" && pointer === undefined;
}

function makeParents(root: string, path: string, known: Set<string>): void {
  for (const parent of parentsOf(path)) {
    if (!known.has(parent)) {
      mkdirSync(toFilePath(root, parent), { recursive: true });
      known.add(parent);
    }
  }
}

async function writeEntry(
  file: Buffer,
  entry: TreeEntry,
  source: WriteTreeOptions & { readonly blobs: AsyncIterator<Uint8Array> },
): Promise<void> {
  const { blobs, gitDir, modified, signal } = source;
  if (entry.type === "submodule") {
    mkdirSync(file);
    return;
  }
  if (entry.type === "symlink") {
    symlinkSync(Buffer.from(await readNext(blobs, entry)), file);
    lutimesSync(file, modified, modified);
    return;
  }
  const { path, pointer } = entry;
  const mode = entry.type === "executable" ? 0o777 : 0o666;
  if (pointer === undefined) {
    // wx: a name that is there already is never written through, whatever it points at.
    writeFileSync(file, await readNext(blobs, entry), { flag: "wx", mode });
  } else {
    await writeLfsObject({ file, gitDir, mode, path, pointer }, signal);
  }
  utimesSync(file, modified, modified);
}

async function readNext(blobs: AsyncIterator<Uint8Array>, { oid }: TreeEntry): Promise<Uint8Array> {
  const next = await blobs.next();
  if (next.done === true) {
    throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected blob ${oid}, got the end of the objects`);
  }
  return next.value;
}
