import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as git from "isomorphic-git";

import { GitSyncError } from "../errors.ts";
import { createObjectReader } from "../repository/objects.ts";
import type { GitTransport } from "../transport/transport.ts";
import { INCOMING_REMOTE, withFetchConfig } from "./fetch-branch.ts";

/** Refs that tell isomorphic-git during a fetch what need not be sent again. */
const KNOWN_REFS = "refs/gitsync";

/** A commit, where it is wanted and where it may come from. */
export interface CommitRequest {
  readonly transport: GitTransport;
  /** What isomorphic-git shall call the remote. */
  readonly url: string;
  /** The .git directory. */
  readonly gitDir: string;
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
  const { gitDir } = request;
  try {
    await fetchByName(request);
  } catch (error) {
    if (!(error instanceof GitSyncError) || error.code !== "ERR_GITSYNC_PROTOCOL") {
      throw error;
    }
    await fetchBranches(request);
  } finally {
    await rm(join(gitDir, "refs/remotes", INCOMING_REMOTE), { recursive: true, force: true });
    await rm(join(gitDir, KNOWN_REFS), { recursive: true, force: true });
  }
}

async function fetchByName({ transport, url, gitDir, revision, before }: CommitRequest): Promise<void> {
  await git.fetch({
    fs: withFetchConfig(gitDir),
    http: transport,
    gitdir: gitDir,
    url,
    remote: INCOMING_REMOTE,
    ref: before ?? revision,
    remoteRef: revision,
    singleBranch: true,
    tags: false,
  });
}

async function fetchBranches({ transport, url, gitDir, before }: CommitRequest): Promise<void> {
  const refs = await git.listServerRefs({ http: transport, url, protocolVersion: 1, prefix: "refs/heads/" });
  const known = await selectKnown(gitDir, [
    ...(before === undefined ? [] : [before]),
    ...refs.map(({ oid }) => oid),
  ]);
  await mkdir(join(gitDir, KNOWN_REFS), { recursive: true });
  for (const [index, oid] of known.entries()) {
    await writeFile(join(gitDir, KNOWN_REFS, String(index)), `${oid}\n`);
  }
  await git.fetch({
    fs: withFetchConfig(gitDir),
    http: transport,
    gitdir: gitDir,
    url,
    remote: INCOMING_REMOTE,
    remoteRef: "HEAD",
    singleBranch: false,
    tags: false,
  });
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
