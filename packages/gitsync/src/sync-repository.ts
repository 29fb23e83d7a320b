import { rm } from "node:fs/promises";

import { checkBranchName } from "./branch-name.ts";
import { checkOut } from "./checkout/checkout.ts";
import { listTree } from "./checkout/tree-listing.ts";
import type { TreeListing } from "./checkout/tree-listing.ts";
import type { Engine } from "./engines/engine.ts";
import { openEngine } from "./engines/open-engine.ts";
import type { EngineOptions } from "./engines/open-engine.ts";
import { isDamage, toFileError } from "./failure.ts";
import { removeOtherLfsObjects } from "./lfs/lfs-objects.ts";
import { listPointers } from "./lfs/read-pointers.ts";
import { readSyncedRevision } from "./read-checkout.ts";
import type { Checkout } from "./read-checkout.ts";
import type { ConfigOptions } from "./repository/git-config.ts";
import { createGitDir, pointGitDir } from "./repository/git-dir.ts";
import type { Commit, ObjectReader } from "./repository/objects.ts";
import { makeDirectory, prepareDirectory, swapGitDir, toSyncDirectory } from "./repository/sync-directory.ts";
import type { SyncDirectory } from "./repository/sync-directory.ts";
import { checkOutSubmodules, installSubmodules } from "./submodules/check-out-submodules.ts";
import { removeOtherModules } from "./submodules/modules-dir.ts";
import { prepareSubmodules } from "./submodules/sync-submodules.ts";
import type { PreparedSubmodule } from "./submodules/sync-submodules.ts";
import { hideCredentials } from "./transport/remote-url.ts";

/** Options of {@link syncRepository}. */
export interface SyncRepositoryOptions extends EngineOptions {
  /** Name of the branch to follow, without refs/heads/. */
  readonly branch: string;
  /** The work tree, an absolute path; absent, empty, or a checkout that may be changed as needed. */
  readonly directory: string;
  /** Whether the submodules' directories are filled, recursively; they are empty unless this is true. */
  readonly submodules?: boolean;
}

/** What a sync arrived at. */
export interface SyncResult extends Checkout {
  /** Whether the checkout was at another revision before, or at none. */
  readonly updated: boolean;
}

/** One sync's inputs, in the shape that its steps need. */
interface Job {
  readonly options: SyncRepositoryOptions;
  readonly directory: SyncDirectory;
  readonly engine: Engine;
  /** Engines of the submodules, as far as they were opened. */
  readonly engines: Engine[];
  /** The revision to arrive at. */
  readonly tip: string;
  /** The revision of the last sync, if that is known. */
  readonly before: string | undefined;
}

/**
 * Makes a directory exactly the newest revision of a branch, with its whole history, whatever was in it before:
 * nothing, an older revision, another branch or repository, local edits, commits and untracked files (which go), stale
 * locks, damaged files. Until the new revision is complete and verified, nothing is changed. Indexing what was fetched
 * blocks the event loop (seconds for 50 MiB): run it in a process of its own where that matters. One call per
 * directory at a time: the caller holds the lock.
 *
 * @param options what to follow, where to put it, how to get there
 * @returns the newest revision of the branch, at which the checkout now is, and whether that is news
 * @throws GitSyncError with any of its codes, the signal's reason when aborted; TypeError, RangeError on wrong arguments
 * @example
 * const { revision } = await syncRepository({ url: "/srv/flake.git", branch: "main", directory: "/var/lib/flake" });
 */
export async function syncRepository(options: SyncRepositoryOptions): Promise<SyncResult> {
  const directory = toSyncDirectory(options.directory);
  const branch = checkBranchName(options.branch);
  const engine = openEngine(options);
  const engines: Engine[] = [];
  try {
    options.signal?.throwIfAborted();
    const state = await prepareDirectory(directory);
    const tip = await engine.findTip(branch);
    const before = state === "checkout" ? await readRevisionBefore(directory.gitDir) : undefined;
    const job: Job = { options, directory, engine, engines, tip, before };
    const updated = state === "checkout" ? await updateInPlace(job) : undefined;
    const { revision, commitTime } = updated ?? (await replaceRepository(job));
    return { revision, url: hideCredentials(options.url), branch, commitTime, updated: revision !== before };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toFileError(error);
  } finally {
    for (const opened of [engine, ...engines]) {
      await opened.close();
    }
  }
}

async function readRevisionBefore(gitDir: string): Promise<string | undefined> {
  try {
    return (await readSyncedRevision(gitDir))?.revision;
  } catch (error) {
    if (isDamage(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A commit whose objects are there, with those of its submodules. */
interface Source {
  readonly reader: ObjectReader;
  readonly commit: Commit;
  /** The commit's tree. */
  readonly listing: TreeListing;
  /** Those whose directories are to be filled. */
  readonly submodules: readonly PreparedSubmodule[];
}

/** @returns undefined when the repository is too damaged to build on */
async function updateInPlace(job: Job): Promise<Commit | undefined> {
  const { directory, engine, options, tip } = job;
  const { gitDir } = directory;
  try {
    await engine.checkStore(gitDir);
    if (job.before !== tip) {
      await fetchInto(gitDir, job);
    }
    const source = await prepareSource(gitDir, job);
    await checkOutSource(source, job);
    await pointGitDir(gitDir, toConfig(options, source), tip);
    await removeOtherModules(gitDir, source.submodules);
    await removeOtherLfsObjects(gitDir, listPointers(source.listing));
    await engine.limitPacks(gitDir);
    return source.commit;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isDamage(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Fetches everything into a new repository and swaps it in once it is complete. */
async function replaceRepository(job: Job): Promise<Commit> {
  const { directory, engine, options, tip } = job;
  const { gitDir, newGitDir } = directory;
  const undo = await makeDirectory(directory.root);
  let source: Source;
  try {
    await createGitDir(newGitDir, options.branch);
    await fetchInto(newGitDir, { ...job, before: undefined });
    source = await prepareSource(newGitDir, job);
    await pointGitDir(newGitDir, toConfig(options, source), tip);
  } catch (error) {
    await rm(newGitDir, { recursive: true, force: true });
    await undo();
    throw error;
  }
  await swapGitDir(directory);
  await checkOutSource({ ...source, reader: engine.createReader(gitDir) }, job);
  return source.commit;
}

/** Adds what the remote has to a store, and checks the whole of it. */
async function fetchInto(gitDir: string, { directory, engine, options, tip, before }: Job): Promise<void> {
  const { incomingDir } = directory;
  await engine.fetch({ gitDir, incomingDir, branch: options.branch, tip, before });
  await engine.checkStore(gitDir);
}

/** Brings the objects of the submodules, and reads those of the tip; only then changes what is there. */
async function prepareSource(gitDir: string, job: Job): Promise<Source> {
  const { directory, engine, engines, options, tip } = job;
  const reader = engine.createReader(gitDir);
  const commit = await reader.readCommit(tip);
  const tree = { gitDir, reader, listing: await listTree(reader, commit.tree, options.signal) };
  const { incomingDir } = directory;
  const listing = await engine.resolvePointers({ ...tree, incomingDir }, commit.revision);
  if (options.submodules !== true) {
    return { reader, commit, listing, submodules: [] };
  }
  try {
    const parent = { ...tree, commit, url: options.url };
    const submodules = await prepareSubmodules({ options, directory, engines }, parent);
    await installSubmodules(gitDir, submodules);
    return { reader, commit, listing, submodules };
  } finally {
    await rm(directory.submodulesDir, { recursive: true, force: true });
  }
}

/** Makes the work tree that of the tip, and those of the submodules theirs. */
async function checkOutSource(source: Source, { directory, options }: Job): Promise<void> {
  await checkOut(directory, source, options.signal);
  await checkOutSubmodules(directory, source.submodules, options.signal);
}

/** No secret is written to the disk, and none comes back from there. */
function toConfig(
  { url, branch, filter, lfs = false }: SyncRepositoryOptions,
  { submodules }: Source,
): ConfigOptions {
  const upstream = { url: hideCredentials(url), branch, submodules, lfs };
  return filter === undefined ? upstream : { ...upstream, filter };
}
