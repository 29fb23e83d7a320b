import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** How a child process ended. */
interface ChildResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script of this directory in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  readonly result: Promise<ChildResult>;
}

/** Starts a script of this directory with Node. */
export function startChild(script: string, args: readonly string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const result = output.then(([stdout, stderr]) => ({ exitCode: child.exitCode, stdout, stderr }));
  return { process: child, result };
}
