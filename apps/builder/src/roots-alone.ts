import { lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";

const ROOT_UID = 0;

const WRITABLE_BY_OTHERS = 0o022;

/** In such a directory nobody renames or removes what is another's; see inode(7), S_ISVTX. */
const STICKY = 0o1000;

/** Longest row of links that Linux follows; MAXSYMLINKS of path_resolution(7). */
const MAX_LINKS = 40;

/** Where a link comes before the dots, the directory above is not the one that the path shows. */
const CLIMBS_BACK = /(?:^|\/)(?!\.{1,2}(?:\/|$))[^/]+\/(?:.*\/)?\.\.(?:\/|$)/;

/**
 * Says whether root alone decides what a file holds, and which file it is: the file, each directory on the way to it and
 * each link among them are root's, and nobody else may write to them.
 *
 * @param file a path that exists, relative to the working directory
 */
export function isRootsAlone(file: string): boolean {
  const seen = new Set<string>();
  let links = 0;
  const paths: string[] = [];
  const follow = (from: string, path: string): boolean => {
    paths.push(resolve(from, path));
    return !CLIMBS_BACK.test(path);
  };
  if (!follow(".", file)) return false;
  for (const path of paths) {
    if (seen.has(path)) continue;
    seen.add(path);
    const stats = lstatSync(path);
    if (!isRoots(stats)) return false;
    if (path !== "/") paths.push(dirname(path));
    if (!stats.isSymbolicLink()) continue;
    links += 1;
    if (links > MAX_LINKS || !follow(realpathSync(dirname(path)), readlinkSync(path))) return false;
  }
  return true;
}

/** Whoever may write to a link is whoever may write to its directory. */
function isRoots(stats: Stats): boolean {
  if (stats.uid !== ROOT_UID) return false;
  if (stats.isSymbolicLink()) return true;
  const isSticky = stats.isDirectory() && (stats.mode & STICKY) !== 0;
  return isSticky || (stats.mode & WRITABLE_BY_OTHERS) === 0;
}
