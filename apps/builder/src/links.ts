import { mkdir, open, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";

import { isErrno } from "./errno.ts";
import type { Places } from "./places.ts";

/** Names in a directory, those with a leading dot apart; none when it does not exist. */
export async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return [];
    throw error;
  }
}

/** Reads a link; undefined when there is none, or something else. */
export async function readLinkIfPresent(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "EINVAL")) return undefined;
    throw error;
  }
}

/** Makes a generation the newest result of its host, for those who look at cacheDir. */
export async function linkGeneration(places: Places, host: string, generation: number): Promise<void> {
  const root = places.generationRoot(host, generation);
  await mkdir(dirname(places.resultLink(host)), { recursive: true });
  await replaceLink(places.generationLink(host, generation), root);
  await replaceLink(places.resultLink(host), root);
}

/** Makes a link or points it elsewhere, in one step for whoever reads it, and for good. */
async function replaceLink(link: string, target: string): Promise<void> {
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
