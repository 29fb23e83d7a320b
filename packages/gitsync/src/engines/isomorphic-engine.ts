import { limitPacks } from "../packs/pack-limit.ts";
import { checkObjectStore } from "../repository/object-store.ts";
import { createObjectReader } from "../repository/objects.ts";
import { openRemote } from "../transport/open-remote.ts";
import type { RemoteOptions } from "../transport/open-remote.ts";
import type { Engine } from "./engine.ts";
import { fetchBranch, findBranchTip } from "./fetch-branch.ts";
import { fetchCommit } from "./fetch-commit.ts";
import { checkPartialStore } from "./partial-clone.ts";

/**
 * Creates the engine that is isomorphic-git, with a transport of ours for each kind of address.
 *
 * @param options address, credentials and limits
 * @throws GitSyncError ERR_GITSYNC_URL
 */
export function createIsomorphicEngine(options: RemoteOptions): Engine {
  const { transport, url } = openRemote(options);
  const { signal } = options;
  return {
    findTip: (branch) => findBranchTip(transport, url, branch),
    fetch: ({ gitDir, branch, tip, before }) =>
      branch === undefined
        ? fetchCommit({ transport, url, gitDir, revision: tip, before })
        : fetchBranch({ transport, url, gitDir }, branch),
    async checkStore(gitDir) {
      await checkPartialStore(gitDir, undefined);
      await checkObjectStore(gitDir, signal);
    },
    createReader: createObjectReader,
    resolvePointers: async ({ listing }) => listing,
    limitPacks: (gitDir) => limitPacks(gitDir, signal),
    close: () => transport.close(),
  };
}
