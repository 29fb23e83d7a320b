import { spawnSync } from "node:child_process";
import { type Stats, statSync } from "node:fs";
import { userInfo } from "node:os";
import process from "node:process";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";

const ROOT_UID = 0;

/**
 * Run as root, goes on as the owner of a directory, so that no file in it ends up root's. Cannot be undone.
 *
 * @param directory stateDir; when missing or root's own, nothing changes
 */
export function actAsOwner(directory: string): void {
  if (process.getuid?.() !== ROOT_UID) return;
  const owner = statSync(directory, { throwIfNoEntry: false });
  if (owner === undefined || owner.uid === ROOT_UID) return;
  const { setgid, setuid } = process;
  if (setgid === undefined || setuid === undefined) {
    throw new CommandError(`cannot act as the owner of ${directory} on this system`, EXIT.failed);
  }
  setgid(owner.gid);
  takeGroups(owner);
  setuid(owner.uid);
  Object.assign(process.env, describeUser(directory));
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
