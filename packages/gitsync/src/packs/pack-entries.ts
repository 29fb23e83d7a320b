import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";

import { GitSyncError } from "../errors.ts";
import { TRAILER_BYTES } from "../transport/pack-stream.ts";
import { MAX_ENTRY_HEADER_BYTES } from "./pack-entry.ts";
import type { PackIndex } from "./pack-index.ts";

/** Magic, version and number of objects. */
const PACK_HEADER_BYTES = 12;

const READ_CHUNK_BYTES = 2 ** 20;

/** A pack's objects in the order in which they stand in it. */
export interface PackOrder {
  /** Where each starts, ascending. */
  readonly starts: Float64Array;
  /** Its position in the index. */
  readonly positions: Uint32Array;
}

/** Some bytes of an object as it stands in a pack. */
export interface EntryPiece {
  /** The object's position in the index. */
  readonly position: number;
  /** Where in the pack the object starts. */
  readonly start: number;
  /** Whether these are its first bytes; they are never less than its header. */
  readonly isFirst: boolean;
  readonly bytes: Buffer;
}

/** Sorts a pack's objects by where they stand. */
export function orderByOffset({ offsets }: PackIndex): PackOrder {
  const compare = (a: number, b: number): number => (offsets[a] ?? 0) - (offsets[b] ?? 0);
  return { starts: offsets.toSorted(), positions: Uint32Array.from(offsets.keys()).toSorted(compare) };
}

/**
 * Reads a pack from start to end, a chunk at a time, and compares all of it with its index: number of objects, where
 * each starts, its CRC, and the SHA-1 of the pack. Whoever reads to the end knows that both are right.
 *
 * @param path the .pack file
 * @param index what its index says
 * @param order the same, sorted by offset
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 */
export async function* readPackEntries(
  path: string,
  index: PackIndex,
  order: PackOrder,
): AsyncGenerator<EntryPiece> {
  await using handle = await open(path, "r");
  const bodyEnd = (await handle.stat()).size - TRAILER_BYTES;
  const take = createTaker(handle);
  const hash = createHash("sha1");
  const header = await take(PACK_HEADER_BYTES, PACK_HEADER_BYTES);
  hash.update(header);
  let at = PACK_HEADER_BYTES;
  for (const [nth, position] of order.positions.entries()) {
    const start = at;
    const end = order.starts[nth + 1] ?? bodyEnd;
    let crc = 0;
    while (at < end) {
      const bytes = await take(Math.min(end - at, MAX_ENTRY_HEADER_BYTES), end - at);
      hash.update(bytes);
      crc = crc32(bytes, crc);
      yield { position, start, isFirst: at === start, bytes };
      at += bytes.length;
    }
    if (order.starts[nth] !== start || index.crcs[position] !== crc) {
      throw corrupt(`expected the object at ${start} in ${path} to be as its index says`);
    }
  }
  const trailer = await take(TRAILER_BYTES, TRAILER_BYTES);
  const isWhole = hash.digest().equals(trailer) && trailer.equals(index.packSha);
  if (!isWhole || at !== bodyEnd || !header.equals(encodePackHeader(order.positions.length))) {
    throw corrupt(`expected ${path} to be whole and of version 2, and the pack that its index belongs to`);
  }
}

/**
 * Encodes how a pack starts.
 *
 * @param count number of its objects
 */
export function encodePackHeader(count: number): Buffer {
  const header = Buffer.alloc(PACK_HEADER_BYTES);
  header.write("PACK", "latin1");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

/** @returns takes the next bytes of a file: at least the first number of them, at most the second */
function createTaker(handle: FileHandle): (atLeast: number, atMost: number) => Promise<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  return async (atLeast, atMost) => {
    while (held.length < atLeast) {
      // Each chunk is memory of its own, since whoever takes a piece of it may still be writing it.
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(READ_CHUNK_BYTES));
      if (bytesRead === 0) {
        throw corrupt("expected more of a pack, got its end");
      }
      held = Buffer.concat([held, buffer.subarray(0, bytesRead)]);
    }
    const taken = held.subarray(0, atMost);
    held = held.subarray(taken.length);
    return taken;
  };
}

function corrupt(message: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_CORRUPT", message);
}
