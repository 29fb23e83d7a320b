import { readdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { isErrno } from "../errno.ts";
import { readLinkIfPresent } from "../links.ts";
import type { KeepingView } from "./keeping-state.ts";

/** Where to look. */
type RootsView = Pick<KeepingView, "config" | "places">;

/** Reads what every GC root of the builder's own holds: published, salvaged, of a run in progress. */
export async function readOwnRoots({ config, places }: RootsView): Promise<readonly string[]> {
  const links = (await Promise.all(places.rootsDirs.map(listLinks))).flat();
  return readTargets(links, config.nix.storeDir);
}

/**
 * Reads what GC roots besides the builder's own hold, such as the machine's profiles. Nix could list them, too, but
 * forgets for good those that it cannot follow when it does, as on a disk that is not mounted.
 *
 * @see https://nix.dev/manual/nix/latest/package-management/garbage-collector-roots
 */
export async function readForeignRoots({ config, places }: RootsView): Promise<readonly string[]> {
  const { stateDir, storeDir } = config.nix;
  const directories = [`${stateDir}/gcroots`, `${stateDir}/profiles`];
  const isOwn = (path: string): boolean =>
    [...places.rootsDirs, places.cacheDir].some((directory) => path.startsWith(`${directory}/`));
  const links = (await Promise.all(directories.map(listLinks))).flat();
  const ends = links.map(async (link) => {
    if (isOwn(link)) return [];
    const target = await readTarget(link);
    // Registered ones lead to a link elsewhere; Nix follows no third.
    return target === undefined || isOwn(target) ? [] : [link, target];
  });
  return readTargets((await Promise.all(ends)).flat(), storeDir);
}

async function readTargets(links: readonly string[], storeDir: string): Promise<readonly string[]> {
  const targets = await Promise.all(links.map(readTarget));
  const paths = targets.filter((target) => target?.startsWith(`${storeDir}/`) === true);
  return [...new Set(paths.map((path = "") => toStorePath(path, storeDir)))];
}

async function readTarget(link: string): Promise<string | undefined> {
  const target = await readLinkIfPresent(link);
  return target === undefined ? undefined : resolve(dirname(link), target);
}

/** A root may point to a file in a store path. */
function toStorePath(path: string, storeDir: string): string {
  const [name = ""] = path.slice(storeDir.length + 1).split("/", 1);
  return `${storeDir}/${name}`;
}

/** Links below a directory, those that this user may look at. */
async function listLinks(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(ignoreUnreadable);
  const below = entries.map(async (entry): Promise<readonly string[]> => {
    const path = `${directory}/${entry.name}`;
    if (entry.isSymbolicLink()) return [path];
    return entry.isDirectory() ? listLinks(path) : [];
  });
  return (await Promise.all(below)).flat();
}

function ignoreUnreadable(error: unknown): [] {
  if (isErrno(error, "EACCES", "ENOENT", "ENOTDIR")) return [];
  throw error;
}
