import { createHash } from "node:crypto";

import { GitSyncError } from "../errors.ts";
import { TRAILER_BYTES } from "../transport/pack-stream.ts";
import { findSorted } from "./sorted-search.ts";

/** Length of an object name, a SHA-1. */
export const OID_BYTES = 20;

/** Magic and version 2. */
const IDX_MAGIC = Buffer.from("ff744f6300000002", "hex");

/** Magic, version, and for each first byte of an object name how many objects come up to it. */
const FANOUT_OFFSET = IDX_MAGIC.length;
const HEADER_BYTES = FANOUT_OFFSET + 256 * 4;

/** Name, CRC and offset of one object. */
const ENTRY_BYTES = OID_BYTES + 4 + 4;

/** Offsets from here on stand in the table of 8-byte offsets; the other holds this bit and the place in that table. */
const LARGE_OFFSET = 2 ** 31;

/** What a pack's index says; its tables are in the order of the object names. */
export interface PackIndex {
  /** Object names, 20 bytes each, ascending, none of them twice. */
  readonly oids: Uint8Array;
  /** CRC-32 of each object's bytes in the pack. */
  readonly crcs: Uint32Array;
  /** Where in the pack each object starts. */
  readonly offsets: Float64Array;
  /** The SHA-1 that ends the pack. */
  readonly packSha: Uint8Array;
}

/**
 * Decodes the index of a pack, version 2.
 *
 * @param bytes the .idx file
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 * @see https://git-scm.com/docs/gitformat-pack
 */
export function decodePackIndex(bytes: Uint8Array): PackIndex {
  const idx = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const bodyEnd = idx.length - TRAILER_BYTES;
  const tablesEnd = bodyEnd - TRAILER_BYTES;
  if (tablesEnd < HEADER_BYTES || !idx.subarray(0, FANOUT_OFFSET).equals(IDX_MAGIC)) {
    throw corrupt("expected the index of a pack, version 2");
  }
  if (!sha1(idx.subarray(0, bodyEnd)).equals(idx.subarray(bodyEnd))) {
    throw corrupt("expected the SHA-1 of a pack's index as its trailer, got another");
  }
  const count = idx.readUInt32BE(HEADER_BYTES - 4);
  const largeBytes = tablesEnd - HEADER_BYTES - count * ENTRY_BYTES;
  if (largeBytes < 0 || largeBytes % 8 !== 0) {
    throw corrupt(`expected tables of ${count} objects in a pack's index, got ${idx.length} bytes`);
  }
  const crcsOffset = HEADER_BYTES + count * OID_BYTES;
  const offsetsOffset = crcsOffset + count * 4;
  const oids = idx.subarray(HEADER_BYTES, crcsOffset);
  if (!isAscending(oids) || !encodeFanout(oids).equals(idx.subarray(FANOUT_OFFSET, HEADER_BYTES))) {
    throw corrupt("expected the objects in a pack's index in order, each of them once");
  }
  return {
    oids,
    crcs: Uint32Array.from({ length: count }, (_, position) => idx.readUInt32BE(crcsOffset + position * 4)),
    offsets: decodeOffsets(idx.subarray(offsetsOffset, tablesEnd), count),
    packSha: idx.subarray(tablesEnd, bodyEnd),
  };
}

function decodeOffsets(table: Buffer, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, position) => {
    const offset = table.readUInt32BE(position * 4);
    if (offset < LARGE_OFFSET) {
      return offset;
    }
    const at = (count + 2 * (offset - LARGE_OFFSET)) * 4;
    if (at + 8 > table.length) {
      throw corrupt("expected an offset of 8 bytes in a pack's index, got its end");
    }
    const large = Number(table.readBigUInt64BE(at));
    if (!Number.isSafeInteger(large)) {
      throw corrupt("expected an offset in a pack's index that a pack can have");
    }
    return large;
  });
}

/**
 * Encodes the index of a pack as `git index-pack` does, to the byte.
 *
 * @param index its tables, in the order of the object names
 * @see https://git-scm.com/docs/gitformat-pack
 */
export function encodePackIndex({ oids, crcs, offsets, packSha }: PackIndex): Uint8Array {
  const large = offsets.filter((offset) => offset >= LARGE_OFFSET);
  const tables = Buffer.alloc(crcs.length * 8 + large.length * 8);
  crcs.forEach((crc, position) => tables.writeUInt32BE(crc, position * 4));
  let largeCount = 0;
  offsets.forEach((offset, position) => {
    const isLarge = offset >= LARGE_OFFSET;
    tables.writeUInt32BE(isLarge ? LARGE_OFFSET + largeCount : offset, (crcs.length + position) * 4);
    largeCount += isLarge ? 1 : 0;
  });
  large.forEach((offset, position) => {
    tables.writeBigUInt64BE(BigInt(offset), (crcs.length + position) * 8);
  });
  const body = Buffer.concat([IDX_MAGIC, encodeFanout(oids), oids, tables, packSha]);
  return Buffer.concat([body, sha1(body)]);
}

/**
 * Finds an object in an index.
 *
 * @param index the tables
 * @param oid object name, 20 bytes
 * @returns its position in the tables; undefined when it is not there
 */
export function findObject({ oids }: PackIndex, oid: Uint8Array): number | undefined {
  const names = Buffer.from(oids.buffer, oids.byteOffset, oids.length);
  return findSorted(names.length / OID_BYTES, (position) =>
    names.compare(oid, 0, OID_BYTES, position * OID_BYTES, (position + 1) * OID_BYTES),
  );
}

function isAscending(oids: Buffer): boolean {
  for (let at = OID_BYTES; at < oids.length; at += OID_BYTES) {
    if (oids.compare(oids, at, at + OID_BYTES, at - OID_BYTES, at) >= 0) {
      return false;
    }
  }
  return true;
}

function encodeFanout(oids: Uint8Array): Buffer {
  const counts = new Uint32Array(256);
  for (let at = 0; at < oids.length; at += OID_BYTES) {
    const first = oids[at] ?? 0;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  const fanout = Buffer.alloc(256 * 4);
  let total = 0;
  counts.forEach((count, first) => {
    total += count;
    fanout.writeUInt32BE(total, first * 4);
  });
  return fanout;
}

function sha1(bytes: Uint8Array): Buffer {
  return createHash("sha1").update(bytes).digest();
}

function corrupt(message: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_CORRUPT", message);
}
