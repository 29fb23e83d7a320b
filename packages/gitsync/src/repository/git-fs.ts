import * as fs from "node:fs";
import { dirname } from "node:path";

import type { PromiseFsClient } from "isomorphic-git";

/**
 * Writes a file so that readers see the old or the new one, never a part, and a power cut leaves one of the two.
 * The temporary name is git's own, NAME.lock: git ignores it below refs/, and a later call writes over a stale one.
 *
 * @param path the file; its directory must exist
 * @param bytes its new contents
 */
export async function writeAtomically(path: string, bytes: string | Uint8Array): Promise<void> {
  const temporary = `${path}.lock`;
  await fs.promises.rm(temporary, { force: true, recursive: true });
  try {
    await fs.promises.writeFile(temporary, bytes, { flag: "wx", flush: true });
    await fs.promises.rename(temporary, path);
  } catch (error) {
    await fs.promises.rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Makes a rename in a directory survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  await using handle = await fs.promises.open(path, "r");
  await handle.sync();
}

/** isomorphic-git writes refs and packs in place; this file system makes each such write atomic. */
export const gitFileSystem: PromiseFsClient = {
  promises: {
    ...fs.promises,
    writeFile: (path: unknown, data: unknown) => writeAtomically(toPathText(path), toBytes(data)),
  },
};

function toPathText(path: unknown): string {
  if (typeof path !== "string") {
    throw new TypeError(`expected a path as a string, got ${typeof path}`);
  }
  return path;
}

function toBytes(data: unknown): string | Uint8Array {
  if (typeof data === "string" || data instanceof Uint8Array) {
    return data;
  }
  throw new TypeError(`expected a string or bytes, got ${typeof data}`);
}
