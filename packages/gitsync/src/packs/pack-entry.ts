import { GitSyncError } from "../errors.ts";
import { OID_BYTES } from "./pack-index.ts";

/** Longest start of an entry: ten bytes of type and size, then the base's name, or ten bytes of distance to it. */
export const MAX_ENTRY_HEADER_BYTES: number = 10 + OID_BYTES;

const OFS_DELTA = 6;
const REF_DELTA = 7;

/** How an entry of a pack starts, before its compressed bytes. */
export type EntryHeader =
  | { readonly type: "whole" }
  | {
      readonly type: "delta-to-offset";
      /** Bytes of type and size. */
      readonly sizeBytes: number;
      /** Bytes up to the compressed ones. */
      readonly headerBytes: number;
      /** How far back in the pack the entry starts that this one is a delta of. */
      readonly distance: number;
    }
  | {
      readonly type: "delta-to-name";
      /** Object name of what this one is a delta of. */
      readonly base: Uint8Array;
    };

/**
 * Decodes how an entry of a pack starts.
 *
 * @param bytes at least its header, if the entry is that long
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 * @see https://git-scm.com/docs/gitformat-pack
 */
export function decodeEntryHeader(bytes: Uint8Array): EntryHeader {
  const sizeBytes = bytes.findIndex((byte) => byte < 0x80) + 1;
  const type = ((bytes[0] ?? 0) >> 4) & 7;
  if (sizeBytes === 0 || type === 0 || type === 5) {
    throw corrupt(`expected an object in a pack, got type ${type}`);
  }
  if (type === REF_DELTA) {
    const base = bytes.subarray(sizeBytes, sizeBytes + OID_BYTES);
    if (base.length < OID_BYTES) {
      throw corrupt("expected the name of a delta's base in a pack, got its end");
    }
    return { type: "delta-to-name", base };
  }
  if (type === OFS_DELTA) {
    const encoded = bytes.subarray(sizeBytes);
    const distanceBytes = encoded.findIndex((byte) => byte < 0x80) + 1;
    const distance = decodeDistance(encoded.subarray(0, distanceBytes));
    if (distanceBytes === 0 || distance === 0 || !Number.isSafeInteger(distance)) {
      throw corrupt("expected the distance to a delta's base in a pack, got none");
    }
    return { type: "delta-to-offset", sizeBytes, headerBytes: sizeBytes + distanceBytes, distance };
  }
  return { type: "whole" };
}

/** Each byte holds seven bits, the highest first; every further byte adds one so that no number has two spellings. */
function decodeDistance(bytes: Uint8Array): number {
  return bytes.reduce((value, byte, position) => (position === 0 ? 0 : (value + 1) * 128) + (byte & 0x7f), 0);
}

/**
 * Encodes the distance to a delta's base.
 *
 * @param distance bytes back in the pack, at least 1
 */
export function encodeDistance(distance: number): Uint8Array {
  const bytes = [distance % 128];
  let rest = Math.floor(distance / 128);
  while (rest > 0) {
    rest -= 1;
    bytes.unshift(0x80 + (rest % 128));
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from(bytes);
}

function corrupt(message: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_CORRUPT", message);
}
