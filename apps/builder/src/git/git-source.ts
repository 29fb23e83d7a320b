import type { BuilderConfig } from "@nix-cache/config";
import { exportTree, readCheckout, readCommittedFile } from "@nix-cache/gitsync";

import type { Revision } from "./revision.ts";
import { runSyncWorker } from "./sync-worker.ts";

/** How the run reaches the flake's repository. */
export interface GitSource {
  /** Makes the checkout exactly the remote's revision of the branch. */
  readonly sync: (signal: AbortSignal) => Promise<Revision>;
  /** What an earlier sync left, when it is whole and of the same repository and branch. */
  readonly readPrevious: () => Promise<Revision | undefined>;
  /** Writes the files of a commit, and nothing else, to a directory that does not exist yet. */
  readonly exportTree: (revision: string, destination: string) => Promise<void>;
  /** The flake.lock that a commit holds; undefined when it has none. */
  readonly readLock: (revision: string) => Promise<Uint8Array | undefined>;
}

/** Follows the configured branch of the configured repository. */
export function createGitSource(config: BuilderConfig): GitSource {
  const { flakeBranch: branch, flakePath: directory, flakeRepo: url, sshKeyFile: keyFile } = config;
  return {
    sync: (signal) => runSyncWorker({ url, branch, directory, keyFile }, signal),
    readPrevious: async () => {
      const checkout = await readCheckout(directory);
      return checkout?.url === url && checkout.branch === branch ? checkout : undefined;
    },
    exportTree: (revision, destination) => exportTree({ directory, revision, destination }),
    readLock: (revision) => readCommittedFile({ directory, revision, path: "flake.lock" }),
  };
}
