import { readdir, readlink } from "node:fs/promises";

import { isErrno } from "./errno.ts";

const RESULT = "-result";

/**
 * Reads which toplevel is the newest published one of each host.
 *
 * @param cacheDir where `<host>-result` links to the host's GC root, and that to the store
 * @returns full store paths, in the order of the host names; none when nothing was published yet
 */
export async function readPublishedToplevels(cacheDir: string): Promise<readonly string[]> {
  const names = (await listDirectory(cacheDir)).filter((name) => name.endsWith(RESULT)).toSorted();
  const targets = await Promise.all(names.map((name) => followTwice(`${cacheDir}/${name}`)));
  return targets.filter((target) => target !== undefined);
}

async function listDirectory(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

/** The store path may be a logical one that this file system does not have, so it is not followed further. */
async function followTwice(link: string): Promise<string | undefined> {
  try {
    return await readlink(await readlink(link));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}
