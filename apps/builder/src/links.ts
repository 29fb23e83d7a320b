import { open, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";

import { isErrno } from "./errno.ts";

/** Reads a link; undefined when there is none. */
export async function readLinkIfPresent(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Makes a link or points it elsewhere, in one step for whoever reads it, and for good. */
export async function replaceLink(link: string, target: string): Promise<void> {
  if ((await readLinkIfPresent(link)) === target) return;
  const fresh = `${link}.new`;
  await rm(fresh, { force: true });
  await symlink(target, fresh);
  await rename(fresh, link);
  const directory = await open(dirname(link));
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
