import { rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { writeAtomically } from "../repository/git-fs.ts";
import { formatPackList, listPacks } from "../repository/object-store.ts";
import { encodePackIndex } from "./pack-index.ts";
import type { PackIndex } from "./pack-index.ts";
import { writeMergedPack } from "./pack-merger.ts";

/** git takes what starts like this for a pack in the making. */
const TEMPORARY_NAME = "tmp_pack_merged";

/**
 * Replaces packs of a repository with one that holds the same objects. Readers find every object at any time, and so
 * they do after a crash at any time: the new pack counts as there once its index is, and only then, after the list of
 * packs no longer has them, do the old ones go, each with its index first.
 *
 * @param gitDir the .git directory
 * @param names the packs to replace, such as pack-HASH.pack
 * @param signal ends the work early
 * @throws GitSyncError ERR_GITSYNC_CORRUPT when a pack is not what its index says; whatever is thrown, no object is lost
 */
export async function mergePacks(
  gitDir: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const directory = join(gitDir, "objects/pack");
  const paths = names.map((name) => join(directory, name));
  const merged = await addMergedPack(gitDir, paths, signal);
  const replaced = names.filter((name) => name !== merged);
  const remaining = (await listPacks(gitDir)).filter((name) => !replaced.includes(name));
  await writeAtomically(join(gitDir, "objects/info/packs"), formatPackList(remaining));
  for (const extension of ["idx", "rev", "pack"]) {
    for (const name of replaced) {
      await rm(join(directory, name.replace(/pack$/, extension)), { force: true });
    }
  }
}

/** @returns its name */
async function addMergedPack(
  gitDir: string,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const directory = join(gitDir, "objects/pack");
  const temporary = join(directory, TEMPORARY_NAME);
  await rm(temporary, { force: true });
  try {
    const index = await writeMergedPack(paths, temporary, signal);
    const base = `pack-${Buffer.from(index.packSha).toString("hex")}`;
    // One of the packs may hold everything that the others do; then the result is that very pack.
    if (!(await listPacks(gitDir)).includes(`${base}.pack`)) {
      await installPack(temporary, join(directory, base), index);
    }
    return `${base}.pack`;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function installPack(temporary: string, base: string, index: PackIndex): Promise<void> {
  try {
    await rename(temporary, `${base}.pack`);
    await writeAtomically(`${base}.idx`, encodePackIndex(index));
  } catch (error) {
    await rm(`${base}.idx`, { force: true });
    await rm(`${base}.pack`, { force: true });
    throw error;
  }
}
