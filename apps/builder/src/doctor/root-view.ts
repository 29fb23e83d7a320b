import process from "node:process";

import { NixError } from "@nix-cache/nix-exec";

import { CommandError } from "../command-error.ts";
import type { BuilderMachineConfig } from "../load-config.ts";
import { openStoreNix } from "../open-nix.ts";
import { type FileState, lookAt } from "./file-state.ts";
import { type FirewallRules, readFirewall } from "./read-firewall.ts";
import { type BuilderAnswer, listRemoteBuilders, pingBuilders } from "./remote-builders.ts";

/** What only root can see of this machine, looked at before the checks go on as the service's user. */
export interface RootView {
  /** The files of the configuration that hold secrets, by path. */
  readonly files: ReadonlyMap<string, FileState>;
  /** How the remote builders answer root, as whom a Nix daemon asks them; undefined where Nix cannot be asked. */
  readonly builders: readonly BuilderAnswer[] | undefined;
  /** What the firewall does with packets that come in; undefined where no tool tells. */
  readonly firewall: FirewallRules | undefined;
}

const ROOT_UID = 0;

/**
 * Looks at what is hidden from the service's user; answers undefined unless root runs this.
 */
export async function lookAsRoot(
  config: BuilderMachineConfig,
  signal: AbortSignal,
): Promise<RootView | undefined> {
  if (process.getuid?.() !== ROOT_UID) return undefined;
  const files = secretFilesOf(config);
  const states = await Promise.all(files.map(lookAt));
  return {
    files: new Map(files.map((file, index) => [file, states[index] ?? { type: "hidden" }])),
    builders: await askBuilders(config, signal),
    firewall: await readFirewall(),
  };
}

/** Where the service is root's own, it asks them itself. */
async function askBuilders(
  config: BuilderMachineConfig,
  signal: AbortSignal,
): Promise<readonly BuilderAnswer[] | undefined> {
  const stateDir = await lookAt(config.builder.stateDir);
  if (stateDir.type !== "present" || stateDir.uid === ROOT_UID) return undefined;
  try {
    const nix = await openStoreNix(config, signal);
    return await pingBuilders(nix, await listRemoteBuilders(await nix.showSettings({ signal })), signal);
  } catch (error) {
    if (error instanceof CommandError || error instanceof NixError) return undefined;
    throw error;
  }
}

/** Every file of the configuration that holds a secret. */
function secretFilesOf({ builder, cacheServer }: BuilderMachineConfig): readonly string[] {
  const { accessTokensFile, repoTokenFile, signingKeyFile, sshKeyFile } = builder;
  const files = [signingKeyFile, sshKeyFile, repoTokenFile, accessTokensFile, ...cacheServer.signingKeyFiles];
  return [...new Set(files.filter((file) => file !== undefined))];
}
