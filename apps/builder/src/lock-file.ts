import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { isErrno } from "./errno.ts";

/** Reads a file; undefined when there is none. */
export async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Names the content of a flake.lock: SHA-256, hex. */
export function lockDigestOf(lock: Uint8Array): string {
  return createHash("sha256").update(lock).digest("hex");
}

/** Whether two locks are the same, or both absent. */
export function isSameLock(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}
