import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import type { SyncRepositoryOptions } from "../src/index.ts";

/** How a sync's process differs from others. */
export interface SyncProcessOptions {
  /** It may write no file of more than so many blocks of 512 bytes, as on a disk that fills up. */
  readonly maxBlocks?: number;
  /** It is killed at the n-th thing that it does to the file system. */
  readonly killAt?: number;
}

/** What came of a sync in a process of its own: a revision, or the code and message of an error. */
export type SyncOutcome = Readonly<Partial<Record<"revision" | "code" | "message", string>>>;

/** Starts a sync in a process of its own, whose environment is that of the sync; it prints what sync-once.ts says. */
export function startSync(
  { env = {}, ...request }: Omit<SyncRepositoryOptions, "signal">,
  { killAt, maxBlocks }: SyncProcessOptions = {},
): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL("sync-once.ts", import.meta.url));
  const args = [script, JSON.stringify(request), ...(killAt === undefined ? [] : [String(killAt)])];
  const command = `ulimit -f ${maxBlocks ?? "unlimited"}; exec "$@"`;
  return spawn("sh", ["-c", command, "sh", process.execPath, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Runs such a sync to its end; undefined when it was killed. */
export async function runSync(
  request: Omit<SyncRepositoryOptions, "signal">,
  options?: SyncProcessOptions,
): Promise<SyncOutcome | undefined> {
  const child = startSync(request, options);
  const exit = once(child, "exit");
  const output = await text(child.stdout);
  const [exitCode] = await exit;
  return exitCode === 0 ? JSON.parse(output.replace("started\n", "")) : undefined;
}
