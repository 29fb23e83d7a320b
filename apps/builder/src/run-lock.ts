import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import process from "node:process";

import { CommandError } from "./command-error.ts";
import { isErrno } from "./errno.ts";
import { EXIT } from "./exit-codes.ts";
import { formatLockHolder, parseLockHolder } from "./lock-holder.ts";
import { reasonOf } from "./reason.ts";

/** flock(1) exits with this when the lock is held by another open file. */
const FLOCK_CONFLICT = 1;

/**
 * Works under the lock that every command which changes state holds. The kernel holds it on an open file and drops it
 * when this process ends, however it ends; the file's text only tells others who has it.
 *
 * @param file the lock file; made when missing, never removed
 * @param command what holds it, for the others to read
 * @throws {@link CommandError} 75 saying who holds it and since when, 1 when this user may not take it
 */
export async function withRunLock<Result>(
  file: string,
  command: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const descriptor = openLockFile(file);
  try {
    lockDescriptor(descriptor, file);
    ftruncateSync(descriptor);
    writeSync(descriptor, formatLockHolder({ pid: process.pid, command, since: new Date() }));
    return await workAndClear(descriptor, work);
  } finally {
    closeSync(descriptor);
  }
}

function openLockFile(file: string): number {
  try {
    return openSync(file, "a+", 0o644);
  } catch (cause) {
    if (!isErrno(cause, "EACCES", "EPERM")) throw cause;
    const remedy = "run this as root, or as the user whom builder.stateDir belongs to";
    throw new CommandError(`${reasonOf(cause)}: ${remedy}`, EXIT.failed, { cause });
  }
}

/** A text that stays behind tells of a command that was killed. */
async function workAndClear<Result>(descriptor: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    ftruncateSync(descriptor);
  }
}

/** A lock taken through an inherited descriptor stays on the open file description, and so on ours. */
function lockDescriptor(descriptor: number, file: string): void {
  const { error, status } = spawnSync("flock", ["--exclusive", "--nonblock", "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
  });
  if (error !== undefined) {
    const remedy = "flock of util-linux cannot be run: install util-linux";
    throw new CommandError(remedy, EXIT.failed, { cause: error });
  }
  if (status === FLOCK_CONFLICT) throw new CommandError(describeHolder(file), EXIT.locked);
  if (status !== 0) throw new CommandError(`cannot lock ${file}: flock exited with ${status}`, EXIT.failed);
}

function describeHolder(file: string): string {
  const holder = parseLockHolder(readFileSync(file, "utf8"));
  if (holder === undefined) return `another command holds ${file}: try again when it has ended`;
  const { command, pid, since } = holder;
  return `"${command}" (process ${pid}) holds the run lock since ${since.toISOString()}: try again when it has ended`;
}
