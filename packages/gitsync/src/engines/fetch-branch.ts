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
export const INCOMING_REMOTE = "incoming";

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
 * @param transport the way to the remote
 * @param url what isomorphic-git shall call the remote
 * @param gitDir the .git directory
 * @param branch the branch; what `origin` has of it need not be sent again
 */
export async function fetchBranch(
  transport: GitTransport,
  url: string,
  gitDir: string,
  branch: string,
): Promise<void> {
  try {
    await git.fetch({
      fs: withFetchConfig(gitDir),
      http: transport,
      gitdir: gitDir,
      url,
      remote: INCOMING_REMOTE,
      ref: `origin/${branch}`,
      remoteRef: `refs/heads/${branch}`,
      singleBranch: true,
      tags: false,
    });
  } finally {
    await rm(join(gitDir, "refs/remotes", INCOMING_REMOTE), { recursive: true, force: true });
  }
}

/** The repository's own configuration says nothing of this remote, and may be damaged: isomorphic-git reads this one. */
export function withFetchConfig(gitDir: string): PromiseFsClient {
  const refspec = `+refs/heads/*:refs/remotes/${INCOMING_REMOTE}/*`;
  const config = `[remote "${INCOMING_REMOTE}"]\n\tfetch = ${refspec}\n`;
  const read = async (path: string, options?: { encoding?: BufferEncoding }): Promise<string | Buffer> =>
    path === join(gitDir, "config") ? config : readFile(path, options ?? null);
  return { promises: { ...gitFileSystem.promises, readFile: read } };
}
