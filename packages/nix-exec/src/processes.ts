import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** A process; its number alone may be another's by now. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since the machine started. */
  readonly startTime: string;
}

interface ProcessStat extends ProcessId {
  readonly parent: number;
}

/**
 * Lists the descendants of a process, those that have left its process group among them: Nix runs each builder in a
 * session of its own. A descendant whose parent has ended is not found, nor anything where there is no /proc.
 */
export function listDescendants(ancestor: number | undefined): readonly ProcessId[] {
  if (ancestor === undefined) return [];
  const children = Map.groupBy(listProcesses(), ({ parent }) => parent);
  const found = [...(children.get(ancestor) ?? [])];
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Kills a process unless it is gone, another's, or its number has become another process's. */
export function killIfSame({ pid, startTime }: ProcessId): void {
  if (readStat(pid)?.startTime === startTime) sendSignal(pid, "SIGKILL");
}

/** Reasons for which a signal reaches nothing: all gone, or only processes that became another user's. */
const UNREACHABLE: ReadonlySet<string> = new Set(["ESRCH", "EPERM"]);

/** Signals a process, or with a negative number a process group, if it is there. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!UNREACHABLE.has(errnoOf(error))) throw error;
  }
}

function listProcesses(): readonly ProcessStat[] {
  return readProc().flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    return stat === undefined ? [] : [stat];
  });
}

function readProc(): readonly string[] {
  try {
    return readdirSync("/proc");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** ESRCH and ENOENT: gone. EACCES and EPERM: another user's, under hidepid. */
const UNREADABLE: ReadonlySet<string> = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

/** Reads proc_pid_stat(5), undefined where it cannot be. The name before the fields may hold anything. */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(fields[1]), startTime: fields[19] ?? "" };
  } catch (error) {
    if (UNREADABLE.has(errnoOf(error))) return undefined;
    throw error;
  }
}

function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
