import { type FileFingerprint, parsePackageName, storePathName } from "@nix-cache/closure-diff";

import type { Fingerprints } from "./fingerprints.ts";
import type { StoreFiles } from "./store-files.ts";

/** What it takes to read a tree. */
export interface TreeReader {
  readonly files: StoreFiles;
  readonly fingerprints: Fingerprints;
  readonly storeDir: string;
}

/** Fingerprints by path below the root of a tree. */
export type FileTree = ReadonlyMap<string, FileFingerprint>;

/**
 * Takes the fingerprint of every file in a tree of links such as /etc.
 *
 * @param directory logical path; where there is none, the tree is empty
 * @param skip directories below it to leave out
 */
export async function readFileTree(
  { files, fingerprints, storeDir }: TreeReader,
  directory: string,
  skip: ReadonlySet<string> = new Set(),
): Promise<FileTree> {
  const tree = new Map<string, FileFingerprint>();

  const readDirectory = async (path: string, prefix: string, parents: readonly string[]): Promise<void> => {
    for (const name of await files.list(path)) {
      if (!skip.has(prefix + name)) await readEntry(`${path}/${name}`, prefix + name, [...parents, path]);
    }
  };

  const readEntry = async (path: string, name: string, parents: readonly string[]): Promise<void> => {
    const target = await files.readLink(path);
    const entry = await files.resolve(path);
    if (target !== undefined && !target.startsWith("/")) {
      // What a link within the tree leads to has its own entry, or is as much a part of the system as its name.
      tree.set(name, fingerprints.ofText(target));
    } else if (entry.type === "file") {
      tree.set(name, await fingerprints.ofFile(entry.path));
    } else if (entry.type === "directory" && isWalked(entry.path, parents)) {
      await readDirectory(entry.path, `${name}/`, parents);
    } else {
      tree.set(name, fingerprints.ofText(target ?? path));
    }
  };

  /** A directory of a package, such as that of time zones, is what its package's version makes it. */
  const isWalked = (path: string, parents: readonly string[]): boolean => {
    const [storePath = ""] = path.slice(storeDir.length + 1).split("/");
    const isOwn = parents.some((parent) => path.startsWith(`${parent}/`));
    return !parents.includes(path) && (isOwn || parsePackageName(storePathName(storePath)).version === "");
  };

  const root = await files.resolve(directory);
  if (root.type === "directory") await readDirectory(root.path, "", []);
  return tree;
}
