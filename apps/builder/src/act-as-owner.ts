import { spawnSync } from "node:child_process";
import { accessSync, constants, type Stats, statSync } from "node:fs";
import { userInfo } from "node:os";
import process from "node:process";

import { type SecretKey, useCredentials } from "@nix-cache/config/fs";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { lendSecrets } from "./lend-secrets.ts";
import type { BuilderMachineConfig } from "./load-config.ts";
import { isRootsAlone } from "./roots-alone.ts";

const ROOT_UID = 0;

/** What a command that root may run goes on with. */
export interface OwnerRequest {
  readonly config: BuilderMachineConfig;
  readonly configFile: string;
  /** Keys of the secrets that the command needs: their files may be root's alone. */
  readonly secrets: readonly SecretKey[];
}

/**
 * Run as root, goes on as the owner of stateDir, so that no file in it ends up root's. Cannot be undone. When stateDir
 * is missing or root's own, nothing changes.
 *
 * @returns the configuration, with the secrets where the owner can read them
 */
export async function actAsOwner({
  config,
  configFile,
  secrets,
}: OwnerRequest): Promise<BuilderMachineConfig> {
  const { stateDir } = config.builder;
  if (process.getuid?.() !== ROOT_UID) return config;
  const owner = statSync(stateDir, { throwIfNoEntry: false });
  if (owner === undefined || owner.uid === ROOT_UID) return config;
  // Who else can write to the configuration could name any file of root's in it, and have it lent.
  const credentialsDir = isRootsAlone(configFile) ? lendSecrets(config.builder, secrets, owner) : undefined;
  become(owner, stateDir);
  return credentialsDir === undefined ? config : useCredentials(config, credentialsDir);
}

function become(owner: Stats, directory: string): void {
  const { setgid, setuid } = process;
  if (setgid === undefined || setuid === undefined) {
    throw new CommandError(`cannot act as the owner of ${directory} on this system`, EXIT.failed);
  }
  setgid(owner.gid);
  takeGroups(owner);
  setuid(owner.uid);
  Object.assign(process.env, describeUser(directory));
  leaveClosedDirectory(directory);
}

/** Every process begins where its parent is: from root's home none would start. */
function leaveClosedDirectory(directory: string): void {
  try {
    accessSync(".", constants.X_OK);
  } catch {
    // Whatever the reason, the owner cannot stay here.
    process.chdir(directory);
  }
}

/** The groups of the account, or where the owner has none, as in a container, the directory's group alone. */
function takeGroups({ uid, gid }: Stats): void {
  const { status, stdout } = spawnSync("id", ["--groups", String(uid)], { encoding: "utf8" });
  process.setgroups?.(status === 0 ? stdout.trim().split(" ").map(Number) : [gid]);
}

function describeUser(directory: string): NodeJS.ProcessEnv {
  try {
    const { homedir, username } = userInfo();
    return { HOME: homedir, USER: username, LOGNAME: username };
  } catch {
    // An owner without an account has no home.
    return { HOME: directory };
  }
}
