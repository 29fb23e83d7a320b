import { GitSyncError } from "../errors.ts";
import type { LfsPointer } from "../lfs/lfs-pointer.ts";
import type { ObjectReader } from "../repository/objects.ts";

/** What a tree entry is: the modes that git writes to an index. */
export type EntryType = "file" | "executable" | "symlink" | "submodule";

/** One file, symlink or submodule of a commit. */
export interface TreeEntry {
  /** Path from the root, one character per byte (latin1): git's names are bytes, not text. */
  readonly path: string;
  readonly type: EntryType;
  /** Object name of the blob, or of the submodule's commit. */
  readonly oid: string;
  /** What the file holds in place of the blob, which is a pointer of Git LFS. */
  readonly pointer?: LfsPointer;
}

/** Everything in a commit's tree. */
export interface TreeListing {
  /** In the order of git's index: by the bytes of the path. */
  readonly entries: readonly TreeEntry[];
  /** The same entries by path. */
  readonly byPath: ReadonlyMap<string, TreeEntry>;
  /** Paths of all directories above entries, the root apart; written as paths of entries are. */
  readonly directories: ReadonlySet<string>;
}

/** Bound on the entries of one tree; a few small objects can describe billions. */
const MAX_ENTRIES = 1_000_000;

/** Bytes of an object name in a tree. */
const OID_BYTES = 20;

/**
 * Lists a tree and all trees below it.
 *
 * @param reader where the objects are
 * @param oid object name of the root tree
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_CORRUPT for an unreadable tree; ERR_GITSYNC_TREE for one that no file system
 *   can hold safely: `.git`, `..`, a slash in a name, the same name twice, more than a million entries
 */
export async function listTree(
  reader: ObjectReader,
  oid: string,
  signal?: AbortSignal,
): Promise<TreeListing> {
  const byPath = new Map<string, TreeEntry>();
  const directories = new Set<string>();
  const parsed = new Map<string, readonly RawEntry[]>();
  const pending = [{ prefix: "", oid }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    signal?.throwIfAborted();
    const rawEntries = parsed.get(next.oid) ?? [...parseTree(await reader.readTree(next.oid))];
    parsed.set(next.oid, rawEntries);
    for (const raw of rawEntries) {
      const path = next.prefix + checkName(raw.name, next.prefix);
      if (byPath.has(path) || directories.has(path)) {
        throw treeError(path, "twice");
      }
      if (byPath.size + directories.size >= MAX_ENTRIES) {
        throw new GitSyncError("ERR_GITSYNC_TREE", `expected at most ${MAX_ENTRIES} files, got more`);
      }
      const type = toEntryType(raw.mode, path);
      if (type === "directory") {
        directories.add(path);
        pending.push({ prefix: `${path}/`, oid: raw.oid });
      } else {
        byPath.set(path, { path, type, oid: raw.oid });
      }
    }
  }
  const entries = [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, byPath, directories };
}

interface RawEntry {
  readonly mode: number;
  readonly name: string;
  readonly oid: string;
}

/** A tree object: for each entry its mode in octal, a space, its name, a NUL and 20 bytes of object name. */
function* parseTree(bytes: Uint8Array): Generator<RawEntry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  while (offset < buffer.length) {
    const end = buffer.indexOf(0, offset);
    const [, mode, name] = /^([0-7]{5,6}) (.+)$/s.exec(buffer.toString("latin1", offset, end)) ?? [];
    if (end < 0 || mode === undefined || name === undefined || end + 1 + OID_BYTES > buffer.length) {
      throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected a tree entry at ${offset}, got other bytes`);
    }
    offset = end + 1 + OID_BYTES;
    yield { mode: Number.parseInt(mode, 8), name, oid: buffer.toString("hex", end + 1, offset) };
  }
}

function checkName(name: string, prefix: string): string {
  if (name === "." || name === ".." || name.includes("/") || name.toLowerCase() === ".git") {
    throw treeError(prefix + name, "as a file name");
  }
  return name;
}

function toEntryType(mode: number, path: string): EntryType | "directory" {
  switch (mode & 0o170_000) {
    case 0o040_000:
      return "directory";
    case 0o100_000:
      return (mode & 0o100) === 0 ? "file" : "executable";
    case 0o120_000:
      return "symlink";
    case 0o160_000:
      return "submodule";
    default:
      throw treeError(path, `with mode ${mode.toString(8)}`);
  }
}

function treeError(path: string, what: string): GitSyncError {
  const name = JSON.stringify(Buffer.from(path, "latin1").toString("utf8"));
  return new GitSyncError("ERR_GITSYNC_TREE", `expected a tree that is safe to write, got ${name} ${what}`);
}
