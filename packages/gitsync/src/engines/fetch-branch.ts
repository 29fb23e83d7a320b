import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import * as git from "isomorphic-git";
import type { PromiseFsClient } from "isomorphic-git";

import { gitFileSystem } from "../repository/git-fs.ts";
import type { GitTransport } from "../transport/transport.ts";
import { selectBranchTip } from "./branch-tip.ts";

/**
 * Name of the remote under which isomorphic-git files what it fetches. It writes refs before the pack; under a name of
 * their own they cannot make the checkout look newer than its objects.
 */
const INCOMING_REMOTE = "incoming";

/** A way to a remote, and the repository that takes what comes. */
export interface FetchSource {
  readonly transport: GitTransport;
  /** What isomorphic-git shall call the remote. */
  readonly url: string;
  /** The .git directory. */
  readonly gitDir: string;
}

/**
 * Asks a remote where a branch is.
 *
 * @param transport the way to the remote
 * @param branch its name
 * @returns the object name of its newest commit
 * @throws GitSyncError ERR_GITSYNC_BRANCH when the remote has no such branch, and the codes of the transport
 */
export async function findBranchTip(transport: GitTransport, url: string, branch: string): Promise<string> {
  const refs = await git.listServerRefs({ http: transport, url, protocolVersion: 1, prefix: "refs/heads/" });
  return selectBranchTip(refs, branch);
}

/**
 * Fetches a branch with its whole history into a repository. Moves none of its refs.
 *
 * @param source the way to the remote, and where to
 * @param branch the branch; what `origin` has of it need not be sent again
 */
export async function fetchBranch(source: FetchSource, branch: string): Promise<void> {
  try {
    await fetchPack(source, {
      ref: `origin/${branch}`,
      remoteRef: `refs/heads/${branch}`,
      singleBranch: true,
    });
  } finally {
    await removeIncomingRefs(source.gitDir);
  }
}

/** Fetches as the caller says, without tags, and files the refs under {@link INCOMING_REMOTE}. */
export async function fetchPack(
  { gitDir, transport, url }: FetchSource,
  wanted: Pick<Parameters<typeof git.fetch>[0], "ref" | "remoteRef" | "singleBranch">,
): Promise<void> {
  await git.fetch({
    fs: withFetchConfig(gitDir),
    http: transport,
    gitdir: gitDir,
    url,
    remote: INCOMING_REMOTE,
    tags: false,
    ...wanted,
  });
}

/** Removes what a fetch filed. */
export async function removeIncomingRefs(gitDir: string): Promise<void> {
  await rm(join(gitDir, "refs/remotes", INCOMING_REMOTE), { recursive: true, force: true });
}

/** The repository's own configuration says nothing of this remote, and may be damaged: isomorphic-git reads this one. */
function withFetchConfig(gitDir: string): PromiseFsClient {
  const refspec = `+refs/heads/*:refs/remotes/${INCOMING_REMOTE}/*`;
  const config = `[remote "${INCOMING_REMOTE}"]\n\tfetch = ${refspec}\n`;
  const read = async (path: string, options?: { encoding?: BufferEncoding }): Promise<string | Buffer> =>
    path === join(gitDir, "config") ? config : readFile(path, options ?? null);
  return { promises: { ...gitFileSystem.promises, readFile: read } };
}
