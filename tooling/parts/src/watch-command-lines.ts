import { readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import { readIfPresent } from "./files.ts";

/** A short-lived process is seen only if it is there when one looks. */
const POLL_MS = 2;

/** The command lines that were seen on this machine since the watch began; it ends at the end of its scope. */
export interface CommandLineWatch extends AsyncDisposable {
  /** Words separated by spaces. */
  readonly seen: ReadonlySet<string>;
}

/** Looks at what every local user can see of every process, again and again (proc(5), cmdline). */
export function watchCommandLines(): CommandLineWatch {
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
    const names = await readdir("/proc");
    const lines = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readCommandLine));
    for (const line of lines) seen.add(line);
    await setTimeout(POLL_MS);
  }
}

async function readCommandLine(pid: string): Promise<string> {
  try {
    return (await readIfPresent(`/proc/${pid}/cmdline`)).replaceAll("\0", " ").trim();
  } catch (error) {
    // ESRCH: the process ended between the two calls.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return "";
    throw error;
  }
}
