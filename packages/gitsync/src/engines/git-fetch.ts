import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { GitSyncError } from "../errors.ts";
import type { GitSyncErrorCode } from "../errors.ts";
import { createGitDir } from "../repository/git-dir.ts";
import type { FetchRequest } from "./engine.ts";
import { runGit } from "./git-process.ts";
import type { GitCall, GitOutput } from "./git-process.ts";
import { REMOTE_NAME } from "./git-remote.ts";
import { listMissingObjects } from "./partial-clone.ts";
import type { ObjectFilter } from "./partial-clone.ts";

/** Refs of the repository that takes what arrives: what is there, and what is wanted. */
const BEFORE_REF = "refs/gitsync/before";
const TIP_REF = "refs/gitsync/tip";
const BRANCH_REFS = "refs/gitsync/branches/*";

/** Files of a pack, in the order in which they move: a pack is there once its index is. */
const PACK_FILES = [".pack", ".promisor", ".idx"];

const FETCH = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"];

/** What git's words for a damaged repository are taken for, when they are about a fetch. */
const AMBIGUOUS_CODES = new Set<GitSyncErrorCode>(["ERR_GITSYNC_PROTOCOL", "ERR_GITSYNC_REPOSITORY"]);

/** A call of git in the repository that takes what arrives. */
type IncomingCall = Omit<GitCall, "args">;

/**
 * Fetches a branch, or a commit, with the system's git. What arrives goes to a repository of its own, which borrows the objects of the
 * one that shall be added to: neither that one's configuration nor its stale locks matter, and it changes when all is
 * there, by renames.
 *
 * @param request what to bring and where to
 * @param call how to reach the remote
 * @param filter which objects to leave out of the history
 * @throws GitSyncError ERR_GITSYNC_CORRUPT when what is there is too damaged to build on, and the codes of the remote
 */
export async function fetchByGit(
  request: FetchRequest,
  call: IncomingCall,
  filter: ObjectFilter | undefined,
): Promise<void> {
  const { before, branch, gitDir, incomingDir, tip } = request;
  const filterOption = filter === undefined ? [] : [`--filter=${filter}`];
  const fetchRefs = (refspec: string): Promise<GitOutput> =>
    fetchOrBlame({ ...call, args: [...FETCH, ...filterOption, REMOTE_NAME, refspec] }, before);
  try {
    await prepareIncoming(request);
    const { stderr } =
      branch === undefined
        ? await fetchCommitOrBranches(fetchRefs, tip)
        : await fetchRefs(`+refs/heads/${branch}:${TIP_REF}`);
    if (/shallow roots are not allowed/.test(stderr)) {
      throw new GitSyncError(
        "ERR_GITSYNC_REPOSITORY",
        "expected a repository with its full history, got a shallow clone: run `git fetch --unshallow` in it",
      );
    }
    if (filter !== undefined) {
      await fetchMissing(call, tip);
    }
    await movePacks(join(incomingDir, "objects/pack"), join(gitDir, "objects/pack"));
  } finally {
    await rm(incomingDir, { recursive: true, force: true });
  }
}

/** A remote that refuses to serve a commit by its name says so in one of many ways. */
async function fetchCommitOrBranches(
  fetchRefs: (refspec: string) => Promise<GitOutput>,
  revision: string,
): Promise<GitOutput> {
  try {
    return await fetchRefs(`+${revision}:${TIP_REF}`);
  } catch (error) {
    if (!(error instanceof GitSyncError) || !/_(?:PROTOCOL|REPOSITORY)$/.test(error.code)) {
      throw error;
    }
    return fetchRefs(`+refs/heads/*:${BRANCH_REFS}`);
  }
}

async function prepareIncoming({
  before,
  branch = "main",
  gitDir,
  incomingDir,
}: FetchRequest): Promise<void> {
  await createGitDir(incomingDir, branch);
  const objects = join(incomingDir, "objects");
  // Relative, since git would take some characters of an absolute path for quotes or comments.
  await writeFile(join(objects, "info/alternates"), `${relative(objects, join(gitDir, "objects"))}\n`);
  if (before !== undefined) {
    const ref = join(incomingDir, BEFORE_REF);
    await mkdir(dirname(ref), { recursive: true });
    await writeFile(ref, `${before}\n`);
  }
}

/** A fetch also fails when what is there has holes; then it is not the remote that is to blame. */
async function fetchOrBlame(call: GitCall, before: string | undefined): Promise<GitOutput> {
  try {
    return await runGit(call);
  } catch (error) {
    if (!(error instanceof GitSyncError) || before === undefined || !AMBIGUOUS_CODES.has(error.code)) {
      throw error;
    }
    const args = ["rev-list", "--objects", "--quiet", "--missing=allow-promisor", before];
    try {
      await runGit({ ...call, args });
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected ${before} with its history`, { cause });
    }
    throw error;
  }
}

/** Nobody can fetch on demand from a checkout that libgit2 reads: what the newest commit holds must be there. */
async function fetchMissing(call: IncomingCall, tip: string): Promise<void> {
  const missing = await listMissingObjects(call, tip);
  if (missing.length > 0) {
    await runGit({
      ...call,
      settings: [...(call.settings ?? []), "fetch.negotiationAlgorithm=noop"],
      args: [...FETCH, "--filter=blob:none", "--stdin", REMOTE_NAME],
      input: `${missing.join("\n")}\n`,
    });
  }
}

async function movePacks(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  for (const extension of PACK_FILES) {
    for (const name of names.filter((candidate) => candidate.endsWith(extension))) {
      await rename(join(from, name), join(to, name));
    }
  }
}
