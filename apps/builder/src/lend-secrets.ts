import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import process from "node:process";

import type { BuilderConfig } from "@nix-cache/config";
import type { SecretKey } from "@nix-cache/config/fs";

import { CommandError } from "./command-error.ts";
import { isErrno } from "./errno.ts";
import { EXIT } from "./exit-codes.ts";

/** In memory, and gone with the machine's next start at the latest. */
const RUN_DIR = "/run";

/** Waits for the end of its input, which this process holds until it is gone, however it goes. */
const REMOVE_AT_END = 'cat; exec rm -rf -- "$1"';

/** A user, by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Copies secrets that root alone can read to where another user can, as a service manager does for a service. The
 * copies go when this process ends, also when it is killed: a process of root's, as whom this one soon acts no more,
 * sees to that.
 *
 * @param keys whose files to copy; those that do not exist are left out
 * @returns a directory in which each copy is named like its key; undefined when there is nothing to copy
 */
export function lendSecrets(
  builder: BuilderConfig,
  keys: readonly SecretKey[],
  { gid, uid }: Owner,
): string | undefined {
  const secrets = keys.flatMap((key) => {
    const content = readIfFile(builder[key]);
    return content === undefined ? [] : [{ key, content }];
  });
  // Elsewhere than on Linux, whoever needs them has to be able to read them.
  if (secrets.length === 0 || !existsSync(RUN_DIR)) return undefined;
  const directory = mkdtempSync(`${RUN_DIR}/nix-cache-builder-`);
  removeAtEnd(directory);
  for (const { content, key } of secrets) {
    const copy = `${directory}/${key}`;
    writeFileSync(copy, content, { flag: "wx", mode: 0o400 });
    chmodSync(copy, 0o400);
    chownSync(copy, uid, gid);
  }
  chownSync(directory, uid, gid);
  return directory;
}

/** What is no file, or not there, whoever needs the secret tells of. */
function readIfFile(file: string | undefined): Uint8Array | undefined {
  try {
    return file !== undefined && statSync(file).isFile() ? readFileSync(file) : undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

function removeAtEnd(directory: string): void {
  const remover = spawn("/bin/sh", ["-c", REMOVE_AT_END, "sh", directory], {
    cwd: "/",
    // Of its own session: what a terminal sends to this process and its children does not reach it.
    detached: true,
    env: { PATH: process.env["PATH"] },
    stdio: ["pipe", "ignore", "ignore"],
  });
  // An error is told by the missing number; without a listener it would end this process later on.
  remover.on("error", () => {});
  if (remover.pid === undefined) {
    rmSync(directory, { recursive: true });
    throw new CommandError("cannot start /bin/sh, which is to remove secrets at the end", EXIT.failed);
  }
  remover.unref();
  remover.stdin.on("error", () => {});
  if (remover.stdin instanceof Socket) remover.stdin.unref();
}
