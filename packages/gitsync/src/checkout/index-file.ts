import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";

import type { EntryType, TreeEntry } from "./tree-listing.ts";

/** Bytes of an entry before its path. */
const ENTRY_HEADER_BYTES = 62;

/** Longest path length that an entry's flags hold; longer ones are found by their NUL. */
const MAX_FLAG_LENGTH = 0xfff;

const NANOSECONDS = 1_000_000_000n;

const MODES: Readonly<Record<EntryType, number>> = {
  file: 0o100_644,
  executable: 0o100_755,
  symlink: 0o120_000,
  submodule: 0o160_000,
};

/**
 * Encodes git's index, version 2, without extensions.
 *
 * @param entries files in the order of their paths' bytes
 * @param stats what lstat says of each; by it git knows an unchanged file without reading it
 * @see https://git-scm.com/docs/gitformat-index
 */
export function encodeIndex(
  entries: readonly TreeEntry[],
  stats: ReadonlyMap<string, BigIntStats>,
): Uint8Array {
  const header = Buffer.alloc(12);
  header.write("DIRC", "latin1");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(entries.length, 8);
  const body = Buffer.concat([header, ...entries.map((entry) => encodeEntry(entry, stats.get(entry.path)))]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

function encodeEntry(entry: TreeEntry, stats: BigIntStats | undefined): Buffer {
  const path = Buffer.from(entry.path, "latin1");
  // One to eight NULs end the path and fill the entry up to a multiple of eight.
  const bytes = Buffer.alloc((ENTRY_HEADER_BYTES + path.length + 8) & ~7);
  // git compares nothing of a submodule's directory but that it is one.
  if (stats !== undefined && entry.type !== "submodule") {
    writeStats(bytes, stats);
  }
  bytes.writeUInt32BE(MODES[entry.type], 24);
  bytes.write(entry.oid, 40, "hex");
  bytes.writeUInt16BE(Math.min(path.length, MAX_FLAG_LENGTH), 60);
  path.copy(bytes, ENTRY_HEADER_BYTES);
  return bytes;
}

function writeStats(bytes: Buffer, stats: BigIntStats): void {
  const fields: readonly (readonly [offset: number, value: bigint])[] = [
    [0, stats.ctimeNs / NANOSECONDS],
    [4, stats.ctimeNs % NANOSECONDS],
    [8, stats.mtimeNs / NANOSECONDS],
    [12, stats.mtimeNs % NANOSECONDS],
    [16, stats.dev],
    [20, stats.ino],
    [28, stats.uid],
    [32, stats.gid],
    [36, stats.size],
  ];
  for (const [offset, value] of fields) {
    // git cuts each of them to 32 bits as well.
    bytes.writeUInt32BE(Number(BigInt.asUintN(32, value)), offset);
  }
}
