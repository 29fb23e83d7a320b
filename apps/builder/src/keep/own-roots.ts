import { readdir } from "node:fs/promises";

import { isErrno } from "../errno.ts";
import { readLinkIfPresent } from "../links.ts";
import type { KeepingView } from "./keeping-state.ts";

/** Reads what every GC root of the builder's own holds: published, salvaged, of a run in progress. */
export async function readOwnRoots({ config, places }: KeepingView): Promise<readonly string[]> {
  const links = (await Promise.all(places.rootsDirs.map(listLinks))).flat();
  const targets = (await Promise.all(links.map(readLinkIfPresent))).filter((target) => target !== undefined);
  return [...new Set(targets)].filter((target) => target.startsWith(`${config.nix.storeDir}/`));
}

async function listLinks(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name, parentPath }) => `${parentPath}/${name}`);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
