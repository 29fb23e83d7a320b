import { lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

import { errnoOf, GitSyncError } from "../errors.ts";

/** Repositories being made, one that was replaced, objects on their way: only there during a sync, or after a crash. */
const NEW_GIT_DIR = ".gitsync-new";
const OLD_GIT_DIR = ".gitsync-old";
const INCOMING_DIR = ".gitsync-incoming";
const SUBMODULES_DIR = ".gitsync-submodules";
const LEFTOVERS: readonly string[] = [NEW_GIT_DIR, OLD_GIT_DIR, INCOMING_DIR, SUBMODULES_DIR];

/** What is at a path that shall become a checkout. */
export type DirectoryState = "absent" | "empty" | "checkout";

/** The paths of one checkout. */
export interface SyncDirectory {
  /** The work tree. */
  readonly root: string;
  /** Its .git directory. */
  readonly gitDir: string;
  /** Where a new .git directory is made before it takes the place of the other. */
  readonly newGitDir: string;
  /** Where objects are kept until they are complete. */
  readonly incomingDir: string;
  /** Where repositories of submodules are made before they go to their places. */
  readonly submodulesDir: string;
}

/**
 * Names the paths of a checkout.
 *
 * @throws TypeError when the directory is not an absolute path
 */
export function toSyncDirectory(root: string): SyncDirectory {
  if (!isAbsolute(root)) {
    throw new TypeError(`expected directory to be an absolute path, got ${JSON.stringify(root)}`);
  }
  return {
    root,
    gitDir: join(root, ".git"),
    newGitDir: join(root, NEW_GIT_DIR),
    incomingDir: join(root, INCOMING_DIR),
    submodulesDir: join(root, SUBMODULES_DIR),
  };
}

/**
 * Looks at a directory, and puts right what a killed sync left in it.
 *
 * @throws GitSyncError ERR_GITSYNC_DIRECTORY when it holds files and no .git directory: they are somebody's
 */
export async function prepareDirectory({ root, gitDir }: SyncDirectory): Promise<DirectoryState> {
  const names = await readNames(root);
  if (names === undefined) {
    return "absent";
  }
  if (names.includes(".git")) {
    if (!(await lstat(gitDir)).isDirectory()) {
      throw directoryError(
        root,
        "a .git that is a directory",
        "a file or a link: is it somebody's work tree?",
      );
    }
  } else if (names.some((name) => !LEFTOVERS.includes(name)) && !names.includes(OLD_GIT_DIR)) {
    throw directoryError(root, "a checkout or an empty directory", `${names.length} entries and no .git`);
  } else if (names.includes(OLD_GIT_DIR)) {
    // Killed between the two renames of a swap: the old one is whole as far as it ever was.
    await rename(join(root, OLD_GIT_DIR), gitDir);
  }
  for (const name of LEFTOVERS) {
    await removeLeftover(join(root, name));
  }
  return names.includes(".git") || names.includes(OLD_GIT_DIR) ? "checkout" : "empty";
}

/**
 * Puts the new .git directory in the place of the old one.
 */
export async function swapGitDir({ root, gitDir, newGitDir }: SyncDirectory): Promise<void> {
  const oldGitDir = join(root, OLD_GIT_DIR);
  try {
    await rename(gitDir, oldGitDir);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") {
      throw error;
    }
  }
  await rename(newGitDir, gitDir);
  await rm(oldGitDir, { recursive: true, force: true });
}

/**
 * Makes a directory and those above it.
 *
 * @returns undoes it: removes each again that was made here
 */
export async function makeDirectory(root: string): Promise<() => Promise<void>> {
  const first = await mkdir(root, { recursive: true });
  return async () => {
    if (first !== undefined) {
      await rm(first, { recursive: true, force: true });
    }
  };
}

/** A git that outlived a killed sync may still write there. */
async function removeLeftover(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function readNames(root: string): Promise<string[] | undefined> {
  try {
    if (!(await stat(root)).isDirectory()) {
      throw directoryError(root, "a directory", "something else");
    }
    return await readdir(root);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function directoryError(root: string, expected: string, found: string): GitSyncError {
  return new GitSyncError(
    "ERR_GITSYNC_DIRECTORY",
    `expected ${expected} at ${root}, found ${found}; nothing was changed: name another directory, or empty this one`,
  );
}
