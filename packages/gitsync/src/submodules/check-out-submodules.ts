import { lstat, rm } from "node:fs/promises";
import { join, relative } from "node:path";

import { checkOut } from "../checkout/checkout.ts";
import { errnoOf } from "../errors.ts";
import { removeOtherLfsObjects } from "../lfs/lfs-objects.ts";
import { listPointers } from "../lfs/read-pointers.ts";
import type { ModuleConfigOptions } from "../repository/git-config.ts";
import { pointModuleDir, writeIfChanged } from "../repository/git-dir.ts";
import type { SyncDirectory } from "../repository/sync-directory.ts";
import { installModuleDir, removeOtherModules, toModuleDir } from "./modules-dir.ts";
import type { PreparedSubmodule } from "./sync-submodules.ts";

/** A work tree and its .git directory. */
type WorkTree = Pick<SyncDirectory, "root" | "gitDir">;

/**
 * Moves the repositories that were made elsewhere to their places, nested ones into those that they belong to.
 *
 * @param gitDir the .git directory of the repository that has the submodules
 * @param submodules all that it has
 */
export async function installSubmodules(
  gitDir: string,
  submodules: readonly PreparedSubmodule[],
): Promise<void> {
  for (const { name, nested, storeDir } of submodules) {
    const place = toModuleDir(gitDir, name);
    if (storeDir !== place) {
      await installModuleDir(storeDir, gitDir, name);
    }
    await installSubmodules(place, nested);
  }
}

/**
 * Makes the directories of submodules, which are there already, exactly the commits that they are pinned to.
 *
 * @param parent the checkout that has them
 * @param submodules all that it has, in their places
 * @param signal ends the work early
 */
export async function checkOutSubmodules(
  parent: WorkTree,
  submodules: readonly PreparedSubmodule[],
  signal?: AbortSignal,
): Promise<void> {
  for (const submodule of submodules) {
    const { commit, engine, listing, name, nested, path } = submodule;
    const directory = { root: join(parent.root, path), gitDir: toModuleDir(parent.gitDir, name) };
    const { gitDir, root } = directory;
    await writeGitFile(directory);
    const source = { reader: engine.createReader(gitDir), commit, listing, submodules: nested };
    await checkOut(directory, source, signal);
    await checkOutSubmodules(directory, nested, signal);
    await pointModuleDir(gitDir, toConfig(submodule, relative(gitDir, root)), commit.revision);
    await removeOtherModules(gitDir, nested);
    await removeOtherLfsObjects(gitDir, listPointers(listing));
    await engine.limitPacks(gitDir);
  }
}

function toConfig({ options, nested, remote }: PreparedSubmodule, worktree: string): ModuleConfigOptions {
  const { filter, lfs = false } = options;
  const config = { url: remote, worktree, submodules: nested, lfs };
  return filter === undefined ? config : { ...config, filter };
}

/** By this file, in the place of a .git directory, git finds the repository of a submodule. */
async function writeGitFile({ gitDir, root }: WorkTree): Promise<void> {
  const file = join(root, ".git");
  if (!(await isFileOrAbsent(file))) {
    await rm(file, { recursive: true });
  }
  await writeIfChanged(file, `gitdir: ${relative(root, gitDir)}\n`);
}

async function isFileOrAbsent(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return true;
    }
    throw error;
  }
}
