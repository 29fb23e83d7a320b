import { existsSync } from "node:fs";
import process from "node:process";

import type { BuilderConfig } from "@nix-cache/config";
import {
  exportTree,
  hideCredentials,
  readCheckout,
  readCommittedFile,
  type RemoteRevisionOptions,
  type SshCommandOptions,
} from "@nix-cache/gitsync";

import type { Revision } from "./revision.ts";
import { runSyncWorker, type SyncRequest } from "./sync-worker.ts";

/** How the run reaches the flake's repository. */
export interface GitSource {
  /** Whether Nix must be given a copy of the tree: it would get submodules and Git LFS in its own way, or not at all. */
  readonly needsCopy: boolean;
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
  const { flakeBranch: branch, flakePath: directory, flakeRepo: url, lfs, submodules } = config;
  return {
    needsCopy: lfs || submodules,
    sync: (signal) => runSyncWorker(toSyncRequest(config), signal),
    readPrevious: async () => {
      const checkout = await readCheckout(directory);
      // What it followed is kept without a password.
      return checkout?.url === hideCredentials(url) && checkout.branch === branch ? checkout : undefined;
    },
    exportTree: (revision, destination) =>
      exportTree({ directory, revision, destination, submodules, lfs, env: process.env }),
    readLock: (revision) => readCommittedFile({ directory, revision, path: "flake.lock" }),
  };
}

/**
 * How inputs over SSH are reached. Where a file says which host gets which key, it alone does: a deploy key opens one
 * repository, and a forge that is offered it first looks no further.
 */
export function inputSshOptions(config: BuilderConfig): SshCommandOptions {
  const { sshConfigFile, sshKeyFile, sshKnownHostsFile, stateDir } = config;
  const hosts = { knownHostsFile: sshKnownHostsFile, pinsFile: `${stateDir}/forges_known_hosts` };
  if (sshConfigFile !== undefined) return { ...hosts, configFile: sshConfigFile };
  return existsSync(sshKeyFile) ? { ...hosts, keyFile: sshKeyFile } : hosts;
}

/** How the repository is reached, the key apart, which is used only if present. */
export function repositoryOptions(config: BuilderConfig): RemoteRevisionOptions {
  const { repoTokenFile, sshConfigFile, sshKnownHostsFile } = config;
  return {
    url: config.flakeRepo,
    branch: config.flakeBranch,
    engine: config.gitEngine,
    ssh: {
      knownHostsFile: sshKnownHostsFile,
      ...(sshConfigFile === undefined ? {} : { configFile: sshConfigFile }),
    },
    ...(repoTokenFile === undefined ? {} : { http: { tokenFile: repoTokenFile } }),
  };
}

function toSyncRequest(config: BuilderConfig): SyncRequest {
  return {
    ...repositoryOptions(config),
    directory: config.flakePath,
    submodules: config.submodules,
    lfs: config.lfs,
    keyFile: config.sshKeyFile,
  };
}
