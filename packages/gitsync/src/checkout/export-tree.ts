import { lutimesSync } from "node:fs";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

import { errnoOf, GitSyncError } from "../errors.ts";
import { toFileError } from "../failure.ts";
import { resolvePointers } from "../lfs/resolve-pointers.ts";
import { createObjectReader } from "../repository/objects.ts";
import { readSubmodules } from "../submodules/read-submodules.ts";
import type { SubmoduleTree } from "../submodules/read-submodules.ts";
import type { Environment } from "../transport/process.ts";
import { parentsOf, toFilePath } from "./file-path.ts";
import { listTree } from "./tree-listing.ts";
import type { TreeListing } from "./tree-listing.ts";
import { writeTree } from "./write-tree.ts";

/** Options of {@link exportTree}. */
export interface ExportTreeOptions {
  /** A checkout, an absolute path. */
  readonly directory: string;
  /** Full object name of a commit that the checkout has, 40 hexadecimal digits. */
  readonly revision: string;
  /** Where to write the tree, an absolute path; nothing may be there, its parent must be. */
  readonly destination: string;
  /** Whether the files of submodules are written too, as the last sync with `submodules` brought them. */
  readonly submodules?: boolean;
  /** Whether files of Git LFS have their contents, as the last sync with `lfs` brought them; git says which these are. */
  readonly lfs?: boolean;
  /** Environment of git, usually process.env; GIT_* is dropped. */
  readonly env?: Environment;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the files of one commit, without .git: contents, x bits, symlinks; a submodule is an empty directory unless the
 * options say otherwise. Everything has the commit's time, so that a `path:` flake of it has the same lastModified each time. The destination is there
 * when everything is in it, or not at all.
 *
 * @param options which commit of which checkout, and where to
 * @throws GitSyncError ERR_GITSYNC_DIRECTORY when the destination exists or cannot be written, ERR_GITSYNC_CORRUPT when
 *   the commit is not there or not readable, ERR_GITSYNC_SUBMODULE when that of a submodule is not, ERR_GITSYNC_LFS when contents of Git LFS
 *   are not there or damaged, ERR_GITSYNC_TREE, ERR_GITSYNC_NO_SPACE; TypeError on wrong arguments
 * @example
 * await exportTree({ directory: "/var/lib/flake", revision, destination: "/var/lib/runs/7/worktree" });
 */
export async function exportTree(options: ExportTreeOptions): Promise<void> {
  const { directory, revision, destination, signal } = options;
  checkArguments(options);
  const gitDir = join(directory, ".git");
  const reader = createObjectReader(gitDir);
  const { tree, commitTime } = await reader.readCommit(revision);
  const root = { gitDir, path: "", reader, listing: await listTree(reader, tree, signal) };
  const submodules = options.submodules === true ? await readSubmodules(root, signal) : [];
  const temporary = `${destination}.gitsync-new`;
  try {
    await refuseExisting(destination);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    const trees = await resolveTrees([root, ...submodules], options);
    for (const { path, ...source } of trees) {
      const limits = signal === undefined ? {} : { signal };
      await writeTree({ ...source, ...limits, root: join(temporary, path), modified: commitTime });
    }
    for (const { path, listing } of trees.toReversed()) {
      setDirectoryTimes(join(temporary, path), listing, commitTime);
    }
    await rename(temporary, destination);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw toFileError(error);
  }
}

/** Says what pointers of Git LFS stand for, where that is wanted. */
async function resolveTrees(
  trees: readonly SubmoduleTree[],
  { destination, env, lfs, signal }: ExportTreeOptions,
): Promise<readonly SubmoduleTree[]> {
  if (lfs !== true) {
    return trees;
  }
  const incomingDir = `${destination}.gitsync-incoming`;
  await rm(incomingDir, { recursive: true, force: true });
  const resolved: SubmoduleTree[] = [];
  for (const tree of trees) {
    const call = {
      remote: tree.gitDir,
      ...(env === undefined ? {} : { env }),
      ...(signal === undefined ? {} : { signal }),
    };
    resolved.push({ ...tree, listing: await resolvePointers({ ...tree, incomingDir }, call) });
  }
  return resolved;
}

function checkArguments({ directory, revision, destination }: ExportTreeOptions): void {
  for (const [name, path] of Object.entries({ directory, destination })) {
    if (!isAbsolute(path)) {
      throw new TypeError(`expected ${name} to be an absolute path, got ${JSON.stringify(path)}`);
    }
  }
  if (!/^[0-9a-f]{40}$/.test(revision)) {
    throw new TypeError(`expected revision to be 40 hexadecimal digits, got ${JSON.stringify(revision)}`);
  }
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return;
    }
    throw error;
  }
  throw new GitSyncError(
    "ERR_GITSYNC_DIRECTORY",
    `expected nothing at ${path}, found something: remove it first`,
  );
}

/** Deepest first, since each entry made in a directory changes its time. */
function setDirectoryTimes(root: string, listing: TreeListing, time: Date): void {
  const submodules = listing.entries.filter(({ type }) => type === "submodule").map(({ path }) => path);
  const directories = new Set([...listing.entries.flatMap(({ path }) => parentsOf(path)), ...submodules]);
  for (const path of [...directories].toSorted().toReversed()) {
    lutimesSync(toFilePath(root, path), time, time);
  }
  lutimesSync(root, time, time);
}
