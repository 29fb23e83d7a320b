import { readFileSync } from "node:fs";
import process from "node:process";

import { isErrno } from "./errno.ts";

/** The command that holds the run lock, as the lock file says. */
export interface LockHolder {
  readonly pid: number;
  /** Such as `nix-cache-builder run`. */
  readonly command: string;
  readonly since: Date;
}

/** A command that has the run lock, or had it when it was killed. */
export interface LockState extends LockHolder {
  readonly isRunning: boolean;
}

/** USER_HZ, the unit of times in /proc, which is 100 on every machine that Nix runs on; see proc_pid_stat(5). */
const TICKS_PER_SECOND = 100;

/** A process's start is told in ticks from a boot time in whole seconds. */
const START_TOLERANCE_MS = 2000;

/** Writes what the lock file says while the lock is held. */
export function formatLockHolder({ pid, command, since }: LockHolder): string {
  return `${JSON.stringify({ pid, command, since: since.toISOString() })}\n`;
}

/** Reads a lock file's text. The holder may be about to write it: anything else than a whole record is no answer. */
export function parseLockHolder(text: string): LockHolder | undefined {
  const match = /^\{"pid":(\d{1,10}),"command":"([\w .-]*)","since":"(\d{4}-[^"\\]*Z)"\}\n$/.exec(text);
  const [, pid, command, since] = match ?? [];
  if (pid === undefined || command === undefined || since === undefined) return undefined;
  const holder = { pid: Number(pid), command, since: new Date(since) };
  return Number.isNaN(holder.since.getTime()) ? undefined : holder;
}

/**
 * Says which command holds the run lock, without touching it: even a lock that is taken for an instant would turn away
 * a run that starts just then. A command clears the file when it ends, so that a text without its process tells of one
 * that was killed.
 *
 * @param file the lock file
 * @returns undefined where no command is at work and none was killed
 */
export function readLockState(file: string): LockState | undefined {
  const holder = parseLockHolder(readText(file) ?? "");
  return holder && { ...holder, isRunning: isAlive(holder) };
}

/** The number may be another process's by now: that one started after the lock was taken. */
function isAlive({ pid, since }: LockHolder): boolean {
  if (!isProcess(pid)) return false;
  const startedAtMs = readStartMs(pid);
  // Where /proc hides the processes of others, the number has to do.
  return startedAtMs === undefined || startedAtMs <= since.getTime() + START_TOLERANCE_MS;
}

/** Signal 0 is never sent, and refused for the process of another user. */
function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, "EPERM");
  }
}

function readStartMs(pid: number): number | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const bootSeconds = /^btime (\d+)$/m.exec(readText("/proc/stat") ?? "")?.[1];
  if (stat === undefined || bootSeconds === undefined) return undefined;
  // The second field, the program's name, may hold spaces and parentheses; the start is the 22nd.
  const startTicks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  return (Number(bootSeconds) + startTicks / TICKS_PER_SECOND) * 1000;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // The last is what /proc says of a process that ends just then.
    if (isErrno(error, "ENOENT", "ENOTDIR", "ESRCH")) return undefined;
    throw error;
  }
}
