import { resolvePointers } from "../lfs/resolve-pointers.ts";
import { checkObjectStore } from "../repository/object-store.ts";
import { explainRefusedKey } from "../ssh/key-file.ts";
import { openRemote, parseRemoteOptions } from "../transport/open-remote.ts";
import type { RemoteOptions } from "../transport/open-remote.ts";
import { hideCredentials } from "../transport/remote-url.ts";
import { selectBranchTip } from "./branch-tip.ts";
import type { RemoteRef } from "./branch-tip.ts";
import type { Engine } from "./engine.ts";
import { findBranchTip } from "./fetch-branch.ts";
import { fetchByGit } from "./git-fetch.ts";
import { createGitReader } from "./git-objects.ts";
import { limitPacksByGit } from "./git-pack-limit.ts";
import { runGit } from "./git-process.ts";
import type { GitCall } from "./git-process.ts";
import { openGitRemote, REMOTE_NAME } from "./git-remote.ts";
import type { GitRemote } from "./git-remote.ts";
import { checkPartialStore, formatFilterSettings } from "./partial-clone.ts";
import type { ObjectFilter } from "./partial-clone.ts";

/** Where git keeps no repository: asking a remote needs none. */
const NO_GIT_DIR = "/dev/null";

/** What to bring of a history's objects; everything unless a filter is given. */
export interface GitEngineOptions extends RemoteOptions {
  readonly filter?: ObjectFilter;
  /** Whether what pointers of Git LFS stand for is brought too. */
  readonly lfs?: boolean;
}

/**
 * Creates the engine that is the system's git. It works in a repository of its own beside the checkout, whose objects it
 * borrows, so that neither the checkout's configuration nor stale locks matter; whole packs move over at the end.
 *
 * @param options address, credentials and limits
 * @throws GitSyncError ERR_GITSYNC_URL
 */
export function createGitEngine(options: GitEngineOptions): Engine {
  parseRemoteOptions(options);
  const remote = hideCredentials(options.url);
  const limits = { ...options, remote };
  let opened: Promise<GitRemote> | undefined;
  const call = async (gitDir: string): Promise<Omit<GitCall, "args">> => {
    opened ??= openGitRemote(options);
    const { env, settings } = await opened;
    return { ...limits, gitDir, env, settings: [...settings, ...formatFilterSettings(options.filter)] };
  };
  return {
    async findTip(branch) {
      const args = ["ls-remote", "--quiet", "--heads", REMOTE_NAME];
      try {
        const { stdout } = await runGit({ ...(await call(NO_GIT_DIR)), args });
        const refs = parseRefs(stdout);
        // Over http, git takes any page for a repository without branches.
        return refs.length === 0 ? await findTipByTransport(options, branch) : selectBranchTip(refs, branch);
      } catch (error) {
        throw await explainRefusedKey(error, options.ssh?.keyFile);
      }
    },
    fetch: async (request) => fetchByGit(request, await call(request.incomingDir), options.filter),
    async checkStore(gitDir) {
      await checkPartialStore(gitDir, options.filter);
      await checkObjectStore(gitDir, options.signal);
    },
    createReader: (gitDir) => createGitReader({ ...options, gitDir }),
    resolvePointers: async (request, revision) =>
      options.lfs === true
        ? resolvePointers(request, await call(request.incomingDir), { revision, url: options.url })
        : request.listing,
    limitPacks: (gitDir) => limitPacksByGit({ ...options, remote: gitDir, gitDir }),
    // What kept it from opening was thrown where that was asked for.
    close: async () =>
      opened?.then(
        (open) => open.close(),
        () => undefined,
      ),
  };
}

async function findTipByTransport(options: RemoteOptions, branch: string): Promise<string> {
  const { transport, url } = openRemote(options);
  try {
    return await findBranchTip(transport, url, branch);
  } finally {
    await transport.close();
  }
}

function parseRefs(stdout: string): RemoteRef[] {
  // The output is bytes; the name of a branch is UTF-8 to us.
  const text = Buffer.from(stdout, "latin1").toString("utf8");
  const lines = text.matchAll(/^([0-9a-f]{40,64})\t(refs\/heads\/.+)$/gm);
  return [...lines].flatMap(([, oid, ref]) => (oid === undefined || ref === undefined ? [] : [{ oid, ref }]));
}
