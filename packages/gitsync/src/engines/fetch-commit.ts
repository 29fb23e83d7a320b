import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as git from "isomorphic-git";

import { GitSyncError } from "../errors.ts";
import { createObjectReader } from "../repository/objects.ts";
import { fetchPack, removeIncomingRefs } from "./fetch-branch.ts";
import type { FetchSource } from "./fetch-branch.ts";

/** Refs that tell isomorphic-git during a fetch what need not be sent again. */
const KNOWN_REFS = "refs/gitsync";

/** A commit, where it is wanted and where it may come from. */
export interface CommitRequest extends FetchSource {
  readonly revision: string;
  /** A commit that is there with all its history, if there is one. */
  readonly before: string | undefined;
}

/**
 * Fetches a commit with its whole history into a repository, whether or not a branch is at it. A remote that refuses to
 * serve such a commit by its name is asked for all its branches. Leaves no refs.
 *
 * @param request the commit and the way to it
 */
export async function fetchCommit(request: CommitRequest): Promise<void> {
  const { before, gitDir, revision } = request;
  try {
    await fetchPack(request, { ref: before ?? revision, remoteRef: revision, singleBranch: true });
  } catch (error) {
    if (!(error instanceof GitSyncError) || error.code !== "ERR_GITSYNC_PROTOCOL") {
      throw error;
    }
    await fetchBranches(request);
  } finally {
    await removeIncomingRefs(gitDir);
    await rm(join(gitDir, KNOWN_REFS), { recursive: true, force: true });
  }
}

async function fetchBranches(request: CommitRequest): Promise<void> {
  const { before, gitDir, transport, url } = request;
  const refs = await git.listServerRefs({ http: transport, url, protocolVersion: 1, prefix: "refs/heads/" });
  const known = await selectKnown(gitDir, [
    ...(before === undefined ? [] : [before]),
    ...refs.map(({ oid }) => oid),
  ]);
  await mkdir(join(gitDir, KNOWN_REFS), { recursive: true });
  for (const [index, oid] of known.entries()) {
    await writeFile(join(gitDir, KNOWN_REFS, String(index)), `${oid}\n`);
  }
  await fetchPack(request, { remoteRef: "HEAD", singleBranch: false });
}

/** A branch that did not move since the last fetch is there; of one that moved, a common ancestor usually is. */
async function selectKnown(gitDir: string, oids: readonly string[]): Promise<readonly string[]> {
  const reader = createObjectReader(gitDir);
  const known: string[] = [];
  for (const oid of new Set(oids)) {
    try {
      known.push((await reader.readCommit(oid)).revision);
    } catch (error) {
      if (!(error instanceof GitSyncError) || error.code !== "ERR_GITSYNC_CORRUPT") {
        throw error;
      }
    }
  }
  return known;
}
