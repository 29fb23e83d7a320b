import process from "node:process";

import { NixError } from "@nix-cache/nix-exec";
import { execa } from "execa";

import { CommandError } from "../command-error.ts";
import type { BuilderMachineConfig } from "../load-config.ts";
import { openStoreNix } from "../open-nix.ts";
import { type FileState, lookAt } from "./file-state.ts";
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

/** The rules of a firewall, as the tool prints them. */
export interface FirewallRules {
  readonly type: "nftables" | "iptables";
  readonly text: string;
}

const ROOT_UID = 0;

const TIMEOUT_MS = 10_000;

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

/** nft(8) lists what iptables-nft made too; the older iptables keeps rules of its own. */
async function readFirewall(): Promise<FirewallRules | undefined> {
  const nftables = await runQuietly("nft", ["list", "ruleset"]);
  if (nftables !== undefined && nftables.trim() !== "") return { type: "nftables", text: nftables };
  const iptables = await runQuietly("iptables-save", ["-t", "filter"]);
  if (iptables !== undefined) return { type: "iptables", text: iptables };
  return nftables === undefined ? undefined : { type: "nftables", text: nftables };
}

/** What such a program prints; undefined when it is missing or fails. */
async function runQuietly(program: string, argv: readonly string[]): Promise<string | undefined> {
  const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const { exitCode, stdout } = await execa(program, argv, {
    reject: false,
    timeout: TIMEOUT_MS,
    env: { PATH },
  });
  return exitCode === 0 ? stdout : undefined;
}
