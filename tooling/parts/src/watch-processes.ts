import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import { errnoOf } from "./files.ts";

/** A short-lived process is seen only if it is there when one looks. */
const POLL_MS = 2;

/** What was seen of processes since the watch began; it ends at the end of its scope. */
export interface ProcessWatch extends AsyncDisposable {
  /** Command lines and environments, their words separated by spaces. */
  readonly seen: ReadonlySet<string>;
}

/** Looks at what can be seen of every process, again and again: its arguments, and its environment where that is allowed. */
export function watchProcesses(): ProcessWatch {
  const seen = new Set<string>();
  const stopped = new AbortController();
  const watching = watch(seen, stopped.signal);
  return {
    seen,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await watching;
    },
  };
}

async function watch(seen: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const files = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
    for (const text of await Promise.all(files.map(readWords))) seen.add(text);
    await setTimeout(POLL_MS);
  }
}

/** Empty for a process that has just ended, or is somebody else's. */
async function readWords(file: string): Promise<string> {
  try {
    return (await readFile(file, "latin1")).replaceAll("\0", " ").trim();
  } catch (error) {
    if (!["ENOENT", "ESRCH", "EACCES"].includes(errnoOf(error) ?? "")) throw error;
    return "";
  }
}
