import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { isRealDirectory, makeRealDirectory } from "../repository/real-directory.ts";
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
  return isRealDirectory(gitDir, `${MODULES_DIR}/${name}`);
}

/**
 * Puts a submodule's repository into its place, whatever is there.
 *
 * @param from where it was made, on the same file system
 * @param gitDir the .git directory of the repository that has the submodule
 * @param name what .gitmodules calls it
 */
export async function installModuleDir(from: string, gitDir: string, name: string): Promise<void> {
  await makeRealDirectory(gitDir, dirname(`${MODULES_DIR}/${name}`));
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
