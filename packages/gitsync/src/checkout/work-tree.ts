import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import type { BigIntStats } from "node:fs";
import { setImmediate } from "node:timers/promises";

import { toFilePath } from "./file-path.ts";
import type { TreeEntry, TreeListing } from "./tree-listing.ts";

/** How much of a file is held at a time. */
export const READ_CHUNK_BYTES: number = 2 ** 20;

/** Never waits (a FIFO would, for ever) and never follows a symlink. */
export const READ_FLAGS: number = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What the owner needs to list a directory and to change it. */
const OWNER_ALL = 0o700;

/** What the owner needs to read and write a file. */
const OWNER_READ_WRITE = 0o600;

const OWNER_EXECUTE = 0o100;
const PERMISSIONS = 0o777;

/** Entries that a work tree holds already, with what lstat said of them. */
export type KeptEntries = ReadonlyMap<string, BigIntStats>;

/** A work tree, and what it shall hold. */
export interface CleanOptions {
  /** The work tree. */
  readonly root: string;
  readonly listing: TreeListing;
  /** Paths of the submodules whose directories may hold anything; those of others stay empty. */
  readonly populated: ReadonlySet<string>;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/**
 * Removes from a work tree everything that the listing does not have exactly so: other names, ignored or not, other
 * types, another x bit, other contents, another target. What is right stays untouched. `.git` in the root is left alone.
 *
 * @param options the work tree and what it shall hold
 * @returns what stayed
 */
export async function cleanWorkTree(options: CleanOptions): Promise<KeptEntries> {
  const { listing, populated, root, signal } = options;
  const kept = new Map<string, BigIntStats>();
  const pending = [""];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    // Everything below is synchronous, which is several times faster; here others, and an abort, get their turn.
    await setImmediate();
    signal?.throwIfAborted();
    for (const name of readNames(toFilePath(root, prefix))) {
      const path = prefix + name;
      if (path === ".git") {
        continue;
      }
      const file = toFilePath(root, path);
      const stats = lstatSync(file, { bigint: true });
      const entry = listing.byPath.get(path);
      if (stats.isDirectory() && listing.directories.has(path)) {
        openUp(file, stats);
        pending.push(`${path}/`);
      } else if (stats.isDirectory() && populated.has(path)) {
        openUp(file, stats);
        kept.set(path, stats);
      } else if (entry !== undefined && isSame(file, stats, entry)) {
        kept.set(path, stats);
      } else {
        removePath(file);
      }
    }
  }
  return kept;
}

/** Removes a file, or a directory with everything in it, also where its owner has no permission to list it. */
function removePath(file: Buffer): void {
  const stats = lstatSync(file, { bigint: true });
  if (!stats.isDirectory()) {
    unlinkSync(file);
    return;
  }
  openUp(file, stats);
  for (const name of readNames(file)) {
    removePath(Buffer.concat([file, Buffer.from(`/${name}`, "latin1")]));
  }
  rmdirSync(file);
}

function isSame(file: Buffer, stats: BigIntStats, entry: TreeEntry): boolean {
  if (entry.type === "submodule") {
    return stats.isDirectory() && readNames(file).length === 0;
  }
  if (entry.type === "symlink") {
    return stats.isSymbolicLink() && hashBlob(readlinkSync(file, { encoding: "buffer" })) === entry.oid;
  }
  return stats.isFile() && hasMode(Number(stats.mode), entry) && hasContents(file, stats.size, entry);
}

function hasContents(file: Buffer, size: bigint, { oid, pointer }: TreeEntry): boolean {
  if (pointer === undefined) {
    return hashFile(file, size, createHash("sha1").update(`blob ${size}\0`)) === oid;
  }
  return size === BigInt(pointer.size) && hashFile(file, size, createHash("sha256")) === pointer.oid;
}

function hasMode(mode: number, entry: TreeEntry): boolean {
  const isExecutable = (mode & OWNER_EXECUTE) !== 0;
  return isExecutable === (entry.type === "executable") && (mode & OWNER_READ_WRITE) === OWNER_READ_WRITE;
}

function hashFile(file: Buffer, size: bigint, hash: Hash): string {
  const descriptor = openSync(file, READ_FLAGS);
  try {
    const chunk = Buffer.allocUnsafe(Number(size < READ_CHUNK_BYTES ? size + 1n : READ_CHUNK_BYTES));
    for (let count = readSync(descriptor, chunk); count > 0; count = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, count));
    }
    return hash.digest("hex");
  } finally {
    closeSync(descriptor);
  }
}

function hashBlob(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function readNames(directory: Buffer): string[] {
  return readdirSync(directory, { encoding: "buffer" }).map((name) => name.toString("latin1"));
}

function openUp(directory: Buffer, stats: BigIntStats): void {
  const mode = Number(stats.mode) & PERMISSIONS;
  if ((mode & OWNER_ALL) !== OWNER_ALL) {
    chmodSync(directory, mode | OWNER_ALL);
  }
}
