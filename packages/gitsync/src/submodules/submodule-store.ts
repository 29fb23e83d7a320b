import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { listTree } from "../checkout/tree-listing.ts";
import type { TreeListing } from "../checkout/tree-listing.ts";
import type { Engine } from "../engines/engine.ts";
import { GitSyncError } from "../errors.ts";
import { isDamage } from "../failure.ts";
import { createGitDir } from "../repository/git-dir.ts";
import type { Commit } from "../repository/objects.ts";

/** One submodule's repository, and the commit that it must have. */
export interface StoreRequest {
  readonly engine: Engine;
  /** The .git directory that may be there already; undefined when there is none. */
  readonly storeDir: string | undefined;
  /** Where to make another one; nothing is there. */
  readonly newStoreDir: string;
  /** For what is on its way; nothing is there. */
  readonly incomingDir: string;
  /** The commit that the submodule is pinned to. */
  readonly revision: string;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/** A commit, and its tree. */
interface CommitTree {
  readonly commit: Commit;
  /** Each pointer of Git LFS in it says what it stands for, if that was brought. */
  readonly listing: TreeListing;
}

/** A repository that has the commit with all its trees. */
export interface PreparedStore extends CommitTree {
  /** The one that was there, or the new one. */
  readonly storeDir: string;
}

/**
 * Makes sure that a submodule's commit is there: nothing is fetched when it is; where the repository is damaged, another
 * one is made.
 *
 * @throws GitSyncError ERR_GITSYNC_SUBMODULE when the remote does not have the commit, and the codes of a fetch
 */
export async function prepareStore(request: StoreRequest): Promise<PreparedStore> {
  const { newStoreDir, signal, storeDir } = request;
  try {
    if (storeDir !== undefined) {
      return { storeDir, ...(await updateStore(storeDir, request)) };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!isDamage(error)) {
      throw error;
    }
  }
  await mkdir(dirname(newStoreDir), { recursive: true });
  await rm(newStoreDir, { recursive: true, force: true });
  await createGitDir(newStoreDir, "main");
  return { storeDir: newStoreDir, ...(await fetchInto(newStoreDir, request, undefined)) };
}

async function updateStore(storeDir: string, request: StoreRequest): Promise<CommitTree> {
  await request.engine.checkStore(storeDir);
  const present = await findCommit(storeDir, request, request.revision);
  if (present === undefined) {
    const before = await readPin(storeDir, request);
    if (before === undefined) {
      // Otherwise one that git cannot use at all would look like one that lacks the commit.
      throw new GitSyncError(
        "ERR_GITSYNC_CORRUPT",
        `expected a commit that was checked out from ${storeDir}`,
      );
    }
    return fetchInto(storeDir, request, before);
  }
  return readTree(storeDir, request, present);
}

async function fetchInto(
  gitDir: string,
  request: StoreRequest,
  before: string | undefined,
): Promise<CommitTree> {
  const { engine, incomingDir, revision } = request;
  await engine.fetch({ gitDir, incomingDir, branch: undefined, tip: revision, before });
  await engine.checkStore(gitDir);
  const commit = await findCommit(gitDir, request, revision);
  if (commit === undefined) {
    throw new GitSyncError(
      "ERR_GITSYNC_SUBMODULE",
      `expected commit ${revision}, and no branch of its repository has it: push it there, or pin another one`,
    );
  }
  return readTree(gitDir, request, commit);
}

async function readTree(
  gitDir: string,
  { engine, incomingDir, signal }: StoreRequest,
  commit: Commit,
): Promise<CommitTree> {
  const reader = engine.createReader(gitDir);
  const listing = await listTree(reader, commit.tree, signal);
  return {
    commit,
    listing: await engine.resolvePointers({ gitDir, incomingDir, listing, reader }, commit.revision),
  };
}

/** The commit that the last sync checked out. */
async function readPin(gitDir: string, request: StoreRequest): Promise<string | undefined> {
  const head = (await readFile(join(gitDir, "HEAD"), "latin1")).trim();
  return /^[0-9a-f]{40}$/.test(head) ? (await findCommit(gitDir, request, head))?.revision : undefined;
}

/** What an undamaged repository cannot read, it does not have. */
async function findCommit(
  gitDir: string,
  { engine, signal }: StoreRequest,
  revision: string,
): Promise<Commit | undefined> {
  try {
    return await engine.createReader(gitDir).readCommit(revision);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof GitSyncError && error.code === "ERR_GITSYNC_CORRUPT") {
      return undefined;
    }
    throw error;
  }
}
