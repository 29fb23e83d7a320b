import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname } from "node:path";

import type { GenerationKey } from "@nix-cache/history";

import { isErrno } from "./errno.ts";
import { breakSeal, writeMarker } from "./keep/seal.ts";
import type { Places } from "./places.ts";

/** A link of ours before it takes its place. */
const UNFINISHED = /^\..+-result(?:-\d+)?\.new$/;

/** Names in a directory, those with a leading dot apart; none when it does not exist. */
export async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** Reads a link; undefined when there is none, or something else. */
export async function readLinkIfPresent(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EINVAL")) return undefined;
    throw error;
  }
}

/** Makes the link of a kept generation, for those who look at cacheDir. */
export async function linkGeneration(
  places: Places,
  { host, number }: GenerationKey,
  root: string,
): Promise<void> {
  await replaceLink(places, places.generationLink(host, number), root);
}

/** Makes a generation the newest result of its host. */
export async function linkNewest(places: Places, host: string, root: string): Promise<void> {
  await replaceLink(places, places.resultLink(host), root);
}

/** Removes the link of a generation. */
export async function unlinkGeneration(places: Places, { host, number }: GenerationKey): Promise<void> {
  await removeLink(places, places.generationLink(host, number));
}

/** Leaves a host without a newest result. */
export async function unlinkNewest(places: Places, host: string): Promise<void> {
  await removeLink(places, places.resultLink(host));
}

/**
 * Removes what nobody knows of any more: links that were not finished, and those to GC roots that are gone, as after
 * history and roots were lost together.
 */
export async function removeStrayLinks(places: Places): Promise<void> {
  const names = await readdir(places.cacheDir).catch(ignoreMissing);
  for (const name of names ?? []) {
    const link = `${places.cacheDir}/${name}`;
    if (UNFINISHED.test(name) || (await isStray(places, link))) await removeLink(places, link);
  }
}

async function isStray({ rootsDirs }: Places, link: string): Promise<boolean> {
  const root = await readLinkIfPresent(link);
  const isOurs = rootsDirs.some((directory) => root?.startsWith(`${directory}/`));
  return root !== undefined && isOurs && (await readLinkIfPresent(root)) === undefined;
}

/** Makes what was done in a directory outlast a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes a link or points it elsewhere, in one step for whoever reads it, and for good. */
async function replaceLink(places: Places, link: string, target: string): Promise<void> {
  if ((await readLinkIfPresent(link)) === target) return;
  await breakSeal(places);
  await mkdir(places.cacheDir, { recursive: true });
  await writeMarker(places);
  const fresh = freshNameOf(link);
  await rm(fresh, { force: true });
  await symlink(target, fresh);
  await rename(fresh, link);
  await syncDirectory(dirname(link));
}

async function removeLink(places: Places, link: string): Promise<void> {
  if ((await lstat(link).catch(ignoreMissing)) === undefined) return;
  await breakSeal(places);
  await rm(link, { force: true });
}

/** Where a link is made before it takes its place; no host's name begins with a dot. */
function freshNameOf(link: string): string {
  return `${dirname(link)}/.${basename(link)}.new`;
}

function ignoreMissing(error: unknown): undefined {
  if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
}
