import { randomUUID } from "node:crypto";
import { access, mkdir } from "node:fs/promises";

import { execa } from "execa";

/** Removes a control group. */
const REMOVE_SCRIPT = `${import.meta.dirname}/remove-control-group.sh`;

/**
 * Makes a control group of its own for what a test starts, in the second version's tree, which is where systemd keeps it
 * on a machine with both. Root may.
 *
 * @returns its directory
 */
export async function createControlGroup(): Promise<string> {
  const path = `${await findTree()}/nix-cache-test-${randomUUID()}`;
  await mkdir(path);
  return path;
}

/** Removes a control group whose processes have ended. */
export async function removeControlGroup(path: string): Promise<void> {
  await execa("sh", [REMOVE_SCRIPT, path]);
}

/** The words before a command that start it in a control group, which is made when it is missing. */
export function inControlGroup(path: string): readonly [string, ...string[]] {
  return ["sh", "-c", 'mkdir -p "$0" && echo 0 > "$0/cgroup.procs" && exec "$@"', path];
}

async function findTree(): Promise<string> {
  const tree = "/sys/fs/cgroup";
  try {
    await access(`${tree}/cgroup.controllers`);
    return tree;
  } catch {
    return `${tree}/unified`;
  }
}
