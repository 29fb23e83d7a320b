import { createHash } from "node:crypto";
import { lstat, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

import { READ_CHUNK_BYTES, READ_FLAGS } from "../checkout/work-tree.ts";
import { errnoOf, GitSyncError } from "../errors.ts";
import { isRealDirectory, makeRealDirectory } from "../repository/real-directory.ts";
import { removeOtherPaths } from "../repository/remove-other-paths.ts";
import type { LfsPointer } from "./lfs-pointer.ts";

/** Where git-lfs keeps its files below a .git directory. */
export const LFS_DIR = "lfs";

/** A file that is to have the contents that a pointer stands for. */
export interface LfsTarget {
  /** The .git directory that has them. */
  readonly gitDir: string;
  readonly pointer: LfsPointer;
  readonly file: Buffer;
  readonly mode: number;
  /** What messages call it, one character per byte. */
  readonly path: string;
}

/** Where git-lfs keeps the contents that a pointer stands for. */
export function toLfsObjectFile(gitDir: string, { oid }: LfsPointer): string {
  return join(gitDir, LFS_DIR, toObjectPath(oid));
}

/** Makes the directory of that file, in place of whatever else is there. */
export async function makeLfsObjectDir(gitDir: string, { oid }: LfsPointer): Promise<void> {
  await makeRealDirectory(gitDir, toObjectDir(oid));
}

/**
 * Whether the contents that a pointer stands for are there, whole; there is nothing to keep of an empty file.
 *
 * @param gitDir the .git directory
 * @param signal ends the work early
 */
export async function hasLfsObject(
  gitDir: string,
  pointer: LfsPointer,
  signal?: AbortSignal,
): Promise<boolean> {
  const { oid, size } = pointer;
  if (size === 0) {
    return true;
  }
  const file = toLfsObjectFile(gitDir, pointer);
  try {
    if (!(await isRealDirectory(gitDir, toObjectDir(oid)))) {
      return false;
    }
    const stats = await lstat(file);
    return stats.isFile() && stats.size === size && (await isWhole(readChunks(file, signal), pointer));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "EACCES") {
      return false;
    }
    throw error;
  }
}

/**
 * Writes the contents that a pointer stands for to a file that is not there yet, and checks them on the way.
 *
 * @param target what to write, and where to
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_LFS when they are not there, or damaged
 */
export async function writeLfsObject(target: LfsTarget, signal?: AbortSignal): Promise<void> {
  const { gitDir, pointer } = target;
  // wx: a name that is there already is never written through, whatever it points at.
  await using output = await open(target.file, "wx", target.mode);
  const copy = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of readChunks(toLfsObjectFile(gitDir, pointer), signal)) {
      await output.writeFile(chunk);
      yield chunk;
    }
  };
  try {
    if (pointer.size === 0 || (await isWhole(copy(), pointer))) {
      return;
    }
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") {
      throw error;
    }
  }
  const path = Buffer.from(target.path, "latin1").toString("utf8");
  throw new GitSyncError(
    "ERR_GITSYNC_LFS",
    `expected the contents of ${JSON.stringify(path)}, which are object ${pointer.oid} of Git LFS, and they are not there or damaged: sync the checkout with lfs`,
  );
}

/**
 * Moves contents from one repository to another of the same file system, whatever is there.
 *
 * @param from the .git directory that has them
 * @param to the .git directory that shall have them
 */
export async function moveLfsObject(from: string, to: string, pointer: LfsPointer): Promise<void> {
  await makeLfsObjectDir(to, pointer);
  await rename(toLfsObjectFile(from, pointer), toLfsObjectFile(to, pointer));
}

/**
 * Removes everything of Git LFS but the contents that some pointers stand for.
 *
 * @param gitDir the .git directory
 */
export async function removeOtherLfsObjects(gitDir: string, pointers: readonly LfsPointer[]): Promise<void> {
  const paths = pointers.filter(({ size }) => size > 0).map(({ oid }) => toObjectPath(oid));
  await removeOtherPaths(join(gitDir, LFS_DIR), paths);
}

function toObjectDir(oid: string): string {
  return dirname(`${LFS_DIR}/${toObjectPath(oid)}`);
}

function toObjectPath(oid: string): string {
  return `objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
}

async function isWhole(chunks: AsyncIterable<Uint8Array>, { oid, size }: LfsPointer): Promise<boolean> {
  const hash = createHash("sha256");
  let count = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    count += chunk.length;
  }
  return count === size && hash.digest("hex") === oid;
}

async function* readChunks(file: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  await using input = await open(file, READ_FLAGS);
  const buffer = Buffer.allocUnsafe(READ_CHUNK_BYTES);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await input.read(buffer);
    if (bytesRead === 0) {
      return;
    }
    yield buffer.subarray(0, bytesRead);
  }
}
