import { lstat, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { errnoOf } from "../errors.ts";

/**
 * Whether a directory is there, and reached through directories alone: a symlink could lead out of the repository.
 *
 * @param root where the way begins
 * @param path the directory, relative to it
 */
export async function isRealDirectory(root: string, path: string): Promise<boolean> {
  for (const step of stepsTo(root, path)) {
    if (!(await isDirectory(step))) {
      return false;
    }
  }
  return true;
}

/**
 * Makes a directory and those on the way to it, in place of whatever else is there.
 *
 * @param root where the way begins
 * @param path the directory, relative to it
 */
export async function makeRealDirectory(root: string, path: string): Promise<void> {
  for (const step of stepsTo(root, path)) {
    if (!(await isDirectory(step))) {
      await rm(step, { force: true });
      await mkdir(step);
    }
  }
}

function stepsTo(root: string, path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => join(root, ...parts.slice(0, index + 1)));
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
