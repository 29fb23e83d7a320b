import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflate } from "node:zlib";

import { errnoOf, GitSyncError, messageOf } from "../errors.ts";
import { TRAILER_BYTES } from "../transport/pack-stream.ts";

const READ_CHUNK_BYTES = 2 ** 20;

/** Magic, version, and 256 counts; the last count is that of all objects. */
const IDX_MAGIC = "ff744f6300000002";
const IDX_COUNT_OFFSET = 8 + 255 * 4;

/** Offset of the number of objects in a pack's header. */
const PACK_COUNT_OFFSET = 8;

/**
 * Checks that what the object store holds is undamaged and that nothing went missing from it: each pack against its
 * trailer, its index, and the list of packs that was written after the last sync; each loose object against its name.
 *
 * @param gitDir the .git directory
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 */
export async function checkObjectStore(gitDir: string, signal?: AbortSignal): Promise<void> {
  for (const name of ["shallow", "objects/info/alternates"]) {
    if ((await readIfPresent(join(gitDir, name))).trim() !== "") {
      throw corrupt(`expected a repository with all its objects, got one with ${name}`);
    }
  }
  const packs = await listPacks(gitDir);
  const listed = [...(await readIfPresent(join(gitDir, "objects/info/packs"))).matchAll(/^P (.+)$/gm)];
  const lost = listed.map(([, name]) => name).find((name) => name !== undefined && !packs.includes(name));
  if (lost !== undefined) {
    throw corrupt(`expected ${lost}, and it is gone`);
  }
  for (const name of packs) {
    signal?.throwIfAborted();
    await checkStoredPack(join(gitDir, "objects/pack", name));
  }
  for (const oid of await listLooseObjects(gitDir)) {
    signal?.throwIfAborted();
    await checkLooseObject(gitDir, oid);
  }
}

/** Names of the packs that have an index, by which git counts them as there. */
export async function listPacks(gitDir: string): Promise<string[]> {
  const names = await readNames(join(gitDir, "objects/pack"));
  const indexes = names.filter((name) => /^pack-[0-9a-f]{40}\.idx$/.test(name));
  return indexes.map((name) => name.replace(/idx$/, "pack")).toSorted();
}

/**
 * Writes the list of packs as `git update-server-info` does; a pack that is on it and not there went missing.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export function formatPackList(packs: readonly string[]): string {
  return `${packs.map((name) => `P ${name}\n`).join("")}\n`;
}

async function checkStoredPack(path: string): Promise<void> {
  try {
    const idx = await readFile(path.replace(/pack$/, "idx"));
    const idxBody = idx.subarray(0, -TRAILER_BYTES);
    const packSha = idx.toString("hex", idx.length - 2 * TRAILER_BYTES, idx.length - TRAILER_BYTES);
    const isIdxWhole = createHash("sha1").update(idxBody).digest().equals(idx.subarray(-TRAILER_BYTES));
    const pack = await hashPack(path);
    if (idx.toString("hex", 0, 8) !== IDX_MAGIC || !isIdxWhole) {
      throw corrupt("its index is damaged");
    }
    if (
      pack.computed !== packSha ||
      pack.trailer !== packSha ||
      pack.count !== idx.readUInt32BE(IDX_COUNT_OFFSET)
    ) {
      throw corrupt("it is damaged, or belongs to another index");
    }
  } catch (cause) {
    throw corrupt(`expected ${path} to be whole: ${messageOf(cause)}`, cause);
  }
}

async function hashPack(path: string): Promise<{ computed: string; trailer: string; count: number }> {
  const hash = createHash("sha1");
  let held = Buffer.alloc(0);
  let count = -1;
  const chunks: AsyncIterable<Uint8Array> = createReadStream(path, { highWaterMark: READ_CHUNK_BYTES });
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    if (count < 0 && held.length >= PACK_COUNT_OFFSET + 4) {
      count = held.readUInt32BE(PACK_COUNT_OFFSET);
    }
    hash.update(held.subarray(0, -TRAILER_BYTES));
    held = held.subarray(-TRAILER_BYTES);
  }
  return { computed: hash.digest("hex"), trailer: held.toString("hex"), count };
}

async function listLooseObjects(gitDir: string): Promise<string[]> {
  const found: string[] = [];
  for (const directory of await readNames(join(gitDir, "objects"))) {
    if (/^[0-9a-f]{2}$/.test(directory)) {
      const names = await readNames(join(gitDir, "objects", directory));
      found.push(...names.filter((name) => /^[0-9a-f]{38}$/.test(name)).map((name) => directory + name));
    }
  }
  return found;
}

async function checkLooseObject(gitDir: string, oid: string): Promise<void> {
  const path = join(gitDir, "objects", oid.slice(0, 2), oid.slice(2));
  const hash = createHash("sha1");
  try {
    await pipeline(createReadStream(path), createInflate(), hash);
  } catch (cause) {
    throw corrupt(`expected object ${oid} to be readable, and it is not (${messageOf(cause)})`, cause);
  }
  if (hash.digest("hex") !== oid) {
    throw corrupt(`expected object ${oid}, got other contents under its name`);
  }
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return "";
    }
    throw error;
  }
}

async function readNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw corrupt(`expected the directory ${path} (${messageOf(cause)})`, cause);
  }
}

function corrupt(message: string, cause?: unknown): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_CORRUPT", message, cause === undefined ? {} : { cause });
}
