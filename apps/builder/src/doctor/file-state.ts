import { constants, type Stats } from "node:fs";
import { access, stat } from "node:fs/promises";

import { isErrno } from "../errno.ts";

/** What a user sees of a file, through links. */
export type FileState =
  | {
      readonly type: "present";
      /** Permission bits. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly isDirectory: boolean;
    }
  | { readonly type: "missing" }
  /** A directory on the way may not be entered. */
  | { readonly type: "hidden" };

const PERMISSION_BITS = 0o7777;

/** Looks at a file as the current user. */
export async function lookAt(file: string): Promise<FileState> {
  try {
    return describe(await stat(file));
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return { type: "missing" };
    return { type: "hidden" };
  }
}

/** Whether the current user may read a file, or list a directory. */
export function isReadable(file: string): Promise<boolean> {
  return mayAccess(file, constants.R_OK);
}

/** Whether the current user may make entries in a directory. */
export function isWritable(directory: string): Promise<boolean> {
  return mayAccess(directory, constants.W_OK + constants.X_OK);
}

/** Whether the current user may run a program. */
export function isExecutable(file: string): Promise<boolean> {
  return mayAccess(file, constants.X_OK);
}

/** Permission bits as chmod(1) takes them, such as `0400`. */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function describe({ gid, mode, uid }: Stats): FileState {
  return {
    type: "present",
    mode: mode & PERMISSION_BITS,
    uid,
    gid,
    isDirectory: (mode & constants.S_IFMT) === constants.S_IFDIR,
  };
}

async function mayAccess(file: string, mode: number): Promise<boolean> {
  try {
    await access(file, mode);
    return true;
  } catch {
    // Whatever the reason, the answer is no.
    return false;
  }
}
