import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { encodeIndex } from "../checkout/index-file.ts";
import type { TreeEntry } from "../checkout/tree-listing.ts";
import type { GitCall } from "../engines/git-process.ts";
import { createGitDir } from "../repository/git-dir.ts";
import { makeLfsObjectDir, toLfsObjectFile } from "./lfs-objects.ts";
import type { LfsPointer } from "./lfs-pointer.ts";

/** Name of the empty work tree, so that git-lfs finds no configuration in any. */
const WORK_DIR = "work";

/**
 * Name of what stands for the user's home: git-lfs would take names and passwords from .netrc there, and asks git about
 * the owner of a local remote without our settings and variables.
 */
const HOME_DIR = "home";

/** A repository that answers questions about a tree of another one, whose objects it reads. */
export interface LfsRepository extends AsyncDisposable {
  /** Its .git directory. */
  readonly gitDir: string;
  /** A call of git in it. */
  readonly call: Omit<GitCall, "args">;
  /** Lets it have contents that another repository has on the same file system, so that none of them is fetched. */
  readonly addObjects: (from: string, pointers: readonly LfsPointer[]) => Promise<void>;
}

/** What is to be made. */
export interface LfsRepositoryOptions {
  /** The .git directory with the objects. */
  readonly gitDir: string;
  /** Where to make it; nothing is there, and nothing is there afterwards. */
  readonly scratchDir: string;
  /** Entries of its index. */
  readonly entries: readonly TreeEntry[];
  readonly call: Omit<GitCall, "args" | "gitDir">;
}

/**
 * Makes a repository of its own for git and git-lfs to work in: neither the configuration nor the attributes of the one
 * with the objects matter, and what git-lfs fetches is not there before it is whole.
 *
 * @param options what to make
 */
export async function openLfsRepository(options: LfsRepositoryOptions): Promise<LfsRepository> {
  const { call, entries, gitDir, scratchDir } = options;
  const remove = (): Promise<void> => rm(scratchDir, { recursive: true, force: true });
  try {
    await createGitDir(scratchDir, "main");
    await mkdir(join(scratchDir, WORK_DIR));
    await mkdir(join(scratchDir, HOME_DIR));
    await writeFile(join(scratchDir, HOME_DIR, ".gitconfig"), "[safe]\n\tdirectory = *\n");
    await writeFile(join(scratchDir, "index"), encodeIndex(entries, new Map()));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    gitDir: scratchDir,
    call: {
      ...call,
      gitDir: scratchDir,
      variables: [
        `GIT_WORK_TREE=${join(scratchDir, WORK_DIR)}`,
        `GIT_OBJECT_DIRECTORY=${join(gitDir, "objects")}`,
        `HOME=${join(scratchDir, HOME_DIR)}`,
      ],
    },
    async addObjects(from, pointers) {
      for (const pointer of pointers) {
        await makeLfsObjectDir(scratchDir, pointer);
        await link(toLfsObjectFile(from, pointer), toLfsObjectFile(scratchDir, pointer));
      }
    },
    [Symbol.asyncDispose]: remove,
  };
}
