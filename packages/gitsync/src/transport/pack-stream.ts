import { createHash } from "node:crypto";

import { GitSyncError } from "../errors.ts";

/** Length of the SHA-1 that ends a pack and its index. */
export const TRAILER_BYTES = 20;

/** Header (12) and trailer (20): the pack without objects that a fetch of nothing new brings. */
const MIN_PACK_BYTES = 32;

/** Magic and version that a pack starts with, in hexadecimal. */
const PACK_HEADER = /^5041434b0000000[23]/;

/**
 * Checks that a pack is whole: header, and the SHA-1 of everything before its trailer.
 *
 * @param slices the pack's bytes, cut anywhere
 * @throws GitSyncError ERR_GITSYNC_PROTOCOL
 * @see https://git-scm.com/docs/gitformat-pack
 */
export function checkPack(slices: readonly Uint8Array[]): void {
  const total = slices.reduce((sum, slice) => sum + slice.length, 0);
  if (total < MIN_PACK_BYTES) {
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      `expected a pack of at least ${MIN_PACK_BYTES} bytes, got ${total}: the connection was cut`,
    );
  }
  const hash = createHash("sha1");
  const trailer: Uint8Array[] = [];
  const header: Uint8Array[] = [];
  let offset = 0;
  for (const slice of slices) {
    const end = Math.max(0, Math.min(slice.length, total - TRAILER_BYTES - offset));
    hash.update(slice.subarray(0, end));
    trailer.push(slice.subarray(end));
    if (offset < MIN_PACK_BYTES) {
      header.push(slice.subarray(0, MIN_PACK_BYTES));
    }
    offset += slice.length;
  }
  if (!PACK_HEADER.test(Buffer.concat(header).toString("hex", 0, 8))) {
    throw new GitSyncError("ERR_GITSYNC_PROTOCOL", "expected a pack of version 2 or 3, got something else");
  }
  if (!hash.digest().equals(Buffer.concat(trailer))) {
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      "expected the SHA-1 of the pack as its trailer, got another",
    );
  }
}
