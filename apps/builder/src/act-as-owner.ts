import { statSync } from "node:fs";
import { userInfo } from "node:os";

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
  const { setgid, setgroups, setuid } = process;
  if (setgid === undefined || setgroups === undefined || setuid === undefined) {
    throw new CommandError(`cannot act as the owner of ${directory} on this system`, EXIT.failed);
  }
  setgroups([owner.gid]);
  setgid(owner.gid);
  setuid(owner.uid);
  process.env["HOME"] = userInfo().homedir;
}
