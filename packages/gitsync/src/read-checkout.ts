import { readFile } from "node:fs/promises";
import { join } from "node:path";

import * as git from "isomorphic-git";

import { listTree } from "./checkout/tree-listing.ts";
import { errnoOf } from "./errors.ts";
import { parseRefspec } from "./repository/git-config.ts";
import type { Upstream } from "./repository/git-config.ts";
import { gitFileSystem } from "./repository/git-fs.ts";
import { createObjectReader } from "./repository/objects.ts";
import { parseGitConfig } from "./repository/parse-git-config.ts";
import { toSyncDirectory } from "./repository/sync-directory.ts";
import { readSubmodules } from "./submodules/read-submodules.ts";

/** What a checkout holds. */
export interface Checkout extends Upstream {
  /** The revision of the last sync, 40 hexadecimal digits; commits made here since do not count. */
  readonly revision: string;
  /** Time of that commit, by its committer. */
  readonly commitTime: Date;
}

/**
 * Reads which revision a checkout holds, and whether it can be built from: HEAD resolves, and the commit and all its
 * trees are readable, those of submodules too where the last sync filled their directories. Changes nothing and asks no remote: this is what to fall back on when a sync fails, provided that
 * url and branch are still the wanted ones.
 *
 * @param directory the work tree, an absolute path
 * @returns undefined when there is no usable checkout
 * @throws TypeError when the path is not absolute
 */
export async function readCheckout(directory: string): Promise<Checkout | undefined> {
  const { gitDir } = toSyncDirectory(directory);
  try {
    const synced = await readSyncedRevision(gitDir);
    if (synced === undefined) {
      return undefined;
    }
    await git.resolveRef({ fs: gitFileSystem, gitdir: gitDir, ref: "HEAD" });
    const reader = createObjectReader(gitDir);
    const { commitTime, tree } = await reader.readCommit(synced.revision);
    const listing = await listTree(reader, tree);
    if (await hasSubmodules(gitDir)) {
      await readSubmodules({ gitDir, reader, listing });
    }
    return { ...synced, commitTime };
  } catch (error) {
    if (isDamage(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Reads what the last sync wrote down, without a look at the objects. */
export async function readSyncedRevision(gitDir: string): Promise<Omit<Checkout, "commitTime"> | undefined> {
  const repository = { fs: gitFileSystem, gitdir: gitDir };
  const url: unknown = await git.getConfig({ ...repository, path: "remote.origin.url" });
  const branch = await readBranch(gitDir);
  if (typeof url !== "string" || branch === undefined) {
    return undefined;
  }
  const revision = await git.resolveRef({ ...repository, ref: `refs/remotes/origin/${branch}` });
  return { revision, url, branch };
}

/** The one branch that the configuration fetches; where it fetches all, the one that is checked out. */
async function readBranch(gitDir: string): Promise<string | undefined> {
  const repository = { fs: gitFileSystem, gitdir: gitDir };
  const refspec: unknown = await git.getConfig({ ...repository, path: "remote.origin.fetch" });
  const followed = typeof refspec === "string" ? parseRefspec(refspec) : undefined;
  return followed ?? ((await git.currentBranch(repository)) || undefined);
}

/** A sync that fills the directories of submodules writes them down. */
async function hasSubmodules(gitDir: string): Promise<boolean> {
  const variables = parseGitConfig(await readFile(join(gitDir, "config"), "latin1"));
  return variables.some(({ section, key }) => section === "submodule" && key === "active");
}

/** isomorphic-git throws errors of many kinds at damaged files; only the machine's own troubles are told apart. */
function isDamage(error: unknown): boolean {
  const code = errnoOf(error) ?? "";
  return !/^(?:EACCES|EPERM|EIO|EMFILE|ENFILE|ENOMEM)$/.test(code);
}
