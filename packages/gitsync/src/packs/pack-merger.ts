import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";

import { GitSyncError } from "../errors.ts";
import { encodePackHeader, orderByOffset, readPackEntries } from "./pack-entries.ts";
import type { EntryPiece, PackOrder } from "./pack-entries.ts";
import { decodeEntryHeader, encodeDistance } from "./pack-entry.ts";
import { decodePackIndex, findObject, OID_BYTES } from "./pack-index.ts";
import type { PackIndex } from "./pack-index.ts";
import { rankObjects } from "./rank-objects.ts";
import { findSorted } from "./sorted-search.ts";

/** What an object that is not written yet has for an offset: no object stands there, since a pack's header does. */
const UNWRITTEN = 0;

/** A pack whose objects go into the merged one. */
interface Source {
  readonly path: string;
  readonly index: PackIndex;
  readonly order: PackOrder;
  /** Position in the merged index of each of its objects. */
  readonly ranks: Uint32Array;
}

/** The merged pack's index, as far as the pack is written. */
interface Merged extends Omit<PackIndex, "packSha"> {
  /** Bytes of the pack so far. */
  size: number;
}

/**
 * Writes the objects of several packs as one, each object once, and compares each pack with its index on the way.
 * Compressed bytes are copied as they are. Of an object that several packs have, the first copy stays; what was a delta
 * of another copy then points at that one, which stands before it, as a base must.
 *
 * @param paths the .pack files; their indexes lie beside them
 * @param target the pack to write, where nothing is yet
 * @param signal ends the work early
 * @returns what the new pack's index has to say
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 */
export async function writeMergedPack(
  paths: readonly string[],
  target: string,
  signal?: AbortSignal,
): Promise<PackIndex> {
  const indexes: PackIndex[] = [];
  for (const path of paths) {
    indexes.push(decodePackIndex(await readFile(path.replace(/pack$/, "idx"))));
  }
  const { oids, ranks } = rankObjects(indexes);
  const count = oids.length / OID_BYTES;
  const merged: Merged = { oids, crcs: new Uint32Array(count), offsets: new Float64Array(count), size: 0 };
  const hash = createHash("sha1");
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const header = encodePackHeader(count);
    merged.size = header.length;
    hash.update(header);
    yield header;
    for (const [nth, path] of paths.entries()) {
      const [index, sourceRanks] = [indexes[nth], ranks[nth]];
      if (index !== undefined && sourceRanks !== undefined) {
        const source = { path, index, order: orderByOffset(index), ranks: sourceRanks };
        for await (const bytes of copyEntries(source, merged)) {
          signal?.throwIfAborted();
          hash.update(bytes);
          yield bytes;
        }
      }
    }
    yield hash.copy().digest();
  };
  const file = createWriteStream(target, { flags: "wx", flush: true });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  file.once("close", resolve);
  try {
    await pipeline(chunks, file);
  } finally {
    // A stream that was given up may still be about to make its file, which the caller then removes too early.
    await closed;
  }
  return { ...merged, packSha: hash.digest() };
}

/** Yields what a pack adds to the merged one, and notes down in the merged index where it is. */
async function* copyEntries(source: Source, merged: Merged): AsyncGenerator<Uint8Array> {
  let isNew = false;
  for await (const piece of readPackEntries(source.path, source.index, source.order)) {
    const rank = source.ranks[piece.position] ?? 0;
    if (piece.isFirst) {
      isNew = merged.offsets[rank] === UNWRITTEN;
    }
    if (isNew) {
      const bytes = piece.isFirst ? relocate(piece, source, merged) : piece.bytes;
      if (piece.isFirst) {
        merged.offsets[rank] = merged.size;
      }
      merged.crcs[rank] = crc32(bytes, merged.crcs[rank]);
      merged.size += bytes.length;
      yield bytes;
    }
  }
}

/** Makes the start of an entry right for where it goes in the merged pack. */
function relocate({ bytes, start }: EntryPiece, { index, order, ranks }: Source, merged: Merged): Uint8Array {
  const header = decodeEntryHeader(bytes);
  if (header.type === "whole") {
    return bytes;
  }
  if (header.type === "delta-to-name") {
    if (findObject(index, header.base) === undefined) {
      throw new GitSyncError("ERR_GITSYNC_CORRUPT", "expected a delta's base in its pack, and it is not");
    }
    return bytes;
  }
  const base = start - header.distance;
  const nth = findSorted(order.starts.length, (place) => (order.starts[place] ?? 0) - base);
  const position = nth === undefined ? undefined : order.positions[nth];
  if (position === undefined) {
    throw new GitSyncError("ERR_GITSYNC_CORRUPT", "expected a delta's base where an object starts");
  }
  const distance = merged.size - (merged.offsets[ranks[position] ?? 0] ?? 0);
  if (distance === header.distance) {
    return bytes;
  }
  const before = bytes.subarray(0, header.sizeBytes);
  return Buffer.concat([before, encodeDistance(distance), bytes.subarray(header.headerBytes)]);
}
