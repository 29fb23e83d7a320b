import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { errnoOf } from "../errors.ts";
import { listPacks } from "../repository/object-store.ts";
import { mergePacks } from "./merge-packs.ts";

/**
 * Most packs that a sync leaves behind. To find an object isomorphic-git opens one index after the other; at this
 * number that is lost in a sync's other work, and no object is copied at every sync.
 */
export const MAX_PACKS = 20;

/** Largest file that Node reads in one go; isomorphic-git reads packs in no other way. */
const MAX_PACK_BYTES = 2 ** 31 - 1;

/** What a pack may consist of if it is to be merged: others mark packs to be kept, or left incomplete on purpose. */
const MERGEABLE_FILES = new Set(["pack", "idx", "rev"]);

/** A pack and its size. */
interface SizedPack {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Merges a repository's packs when they have become too many. Where that does not succeed, for lack of space say, all
 * objects stay as they are, and a later call tries again.
 *
 * @param gitDir the .git directory
 * @param signal ends the work early
 * @throws the signal's reason when aborted
 */
export async function limitPacks(gitDir: string, signal?: AbortSignal): Promise<void> {
  try {
    const packs = await listPacks(gitDir);
    const names = packs.length > MAX_PACKS ? selectPacks(await sizePacks(gitDir, packs)) : [];
    if (names.length > 1) {
      await mergePacks(gitDir, names, signal);
    }
  } catch (error) {
    signal?.throwIfAborted();
    // A file system that gave an error, or a pack that is not what its index says: neither makes a sync less good.
    if (errnoOf(error) === undefined) {
      throw error;
    }
  }
}

/**
 * Selects the packs to merge: from the smallest on, all that one pack can hold; but the largest stays out while it is
 * larger than the others together, so that a long history is not copied for every few commits.
 *
 * @param packs those that may be merged
 * @returns their names
 */
export function selectPacks(packs: readonly SizedPack[]): string[] {
  const ascending = packs.toSorted((a, b) => a.bytes - b.bytes || (a.name < b.name ? -1 : 1));
  const sums = ascending.map((_, nth) => sumBytes(ascending.slice(0, nth + 1)));
  const isLargestApart = (ascending.at(-1)?.bytes ?? 0) > (sums.at(-2) ?? 0);
  const selected = isLargestApart ? ascending.slice(0, -1) : ascending;
  return selected.filter((_, nth) => (sums[nth] ?? 0) <= MAX_PACK_BYTES).map(({ name }) => name);
}

function sumBytes(packs: readonly SizedPack[]): number {
  return packs.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function sizePacks(gitDir: string, packs: readonly string[]): Promise<SizedPack[]> {
  const directory = join(gitDir, "objects/pack");
  const files = await readdir(directory);
  const sized: SizedPack[] = [];
  for (const name of packs) {
    const prefix = name.replace(/pack$/, "");
    const extensions = files
      .filter((file) => file.startsWith(prefix))
      .map((file) => file.slice(prefix.length));
    if (extensions.every((extension) => MERGEABLE_FILES.has(extension))) {
      sized.push({ name, bytes: (await stat(join(directory, name))).size });
    }
  }
  return sized;
}
