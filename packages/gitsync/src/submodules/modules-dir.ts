import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { errnoOf } from "../errors.ts";
import { removeOtherPaths } from "../repository/remove-other-paths.ts";

/** Where git keeps the repositories of submodules, below that of the repository that has them. */
export const MODULES_DIR = "modules";

/**
 * Names the .git directory of a submodule.
 *
 * @param gitDir the .git directory of the repository that has it
 * @param name what .gitmodules calls it, checked before
 */
export function toModuleDir(gitDir: string, name: string): string {
  return join(gitDir, MODULES_DIR, name);
}

/** Whether a submodule's .git directory is there, reached through directories alone. */
export async function hasModuleDir(gitDir: string, name: string): Promise<boolean> {
  for (const path of stepsTo(gitDir, name)) {
    if (!(await isDirectory(path))) {
      return false;
    }
  }
  return true;
}

/**
 * Puts a submodule's repository into its place, whatever is there.
 *
 * @param from where it was made, on the same file system
 * @param gitDir the .git directory of the repository that has the submodule
 * @param name what .gitmodules calls it
 */
export async function installModuleDir(from: string, gitDir: string, name: string): Promise<void> {
  const steps = stepsTo(gitDir, name);
  for (const path of steps.slice(0, -1)) {
    if (!(await isDirectory(path))) {
      await rm(path, { force: true });
      await mkdir(path);
    }
  }
  const place = toModuleDir(gitDir, name);
  await rm(place, { recursive: true, force: true });
  await rename(from, place);
}

/**
 * Removes the repositories of submodules that are no more, and everything else between them.
 *
 * @param gitDir the .git directory of the repository that has them
 * @param submodules those that it still has
 */
export async function removeOtherModules(
  gitDir: string,
  submodules: readonly { readonly name: string }[],
): Promise<void> {
  const names = submodules.map(({ name }) => name);
  await removeOtherPaths(join(gitDir, MODULES_DIR), names);
}

function stepsTo(gitDir: string, name: string): readonly string[] {
  const parts = [MODULES_DIR, ...name.split("/")];
  return parts.map((_, index) => join(gitDir, ...parts.slice(0, index + 1)));
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") {
      return false;
    }
    throw error;
  }
}
