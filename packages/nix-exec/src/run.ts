import process from "node:process";

import { execa } from "execa";

import { splitLines } from "./lines.ts";

/** A process to run. */
export interface RunRequest {
  /** Absolute path, or a name found on the PATH of `env`. */
  readonly program: string;
  readonly argv: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
  readonly maxStdoutBytes?: number;
  readonly onStderrLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** How a process ended. */
export type RunResult =
  | { readonly type: "exited"; readonly exitCode: number; readonly stdout: string }
  | { readonly type: "killed"; readonly signal: string }
  | { readonly type: "timed-out" }
  | { readonly type: "output-too-long"; readonly maxStdoutBytes: number }
  | { readonly type: "not-started"; readonly reason: string; readonly cause: unknown };

/** Nix ends its builders first; 2.34 sometimes hangs on a SIGTERM that comes as a build starts. */
const DEFAULT_GRACE_MS = 10_000;
/** A closure of 50 000 paths is about 30 MiB of path-info JSON. */
const DEFAULT_MAX_STDOUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs one process in a process group of its own. On time-out, abort, too much output or an error thrown by
 * `onStderrLine` the whole group gets SIGTERM and after the grace SIGKILL; when this process exits, SIGTERM.
 *
 * @returns how it ended, whatever the exit status
 * @throws the signal's reason when aborted
 */
export async function runProcess(request: RunRequest): Promise<RunResult> {
  request.signal?.throwIfAborted();
  const { graceMs = DEFAULT_GRACE_MS, maxStdoutBytes = DEFAULT_MAX_STDOUT_BYTES } = request;
  const subprocess = execa(request.program, request.argv, {
    env: request.env,
    extendEnv: false,
    stdin: "ignore",
    encoding: "buffer",
    stripFinalNewline: false,
    buffer: { stdout: true, stderr: false },
    maxBuffer: { stdout: maxStdoutBytes },
    timeout: request.timeoutMs,
    forceKillAfterDelay: graceMs,
    killDescendants: true,
    reject: false,
    ...(request.signal === undefined ? {} : { cancelSignal: request.signal }),
  });
  try {
    for await (const line of splitLines(subprocess.stderr)) request.onStderrLine(line);
  } catch (error) {
    subprocess.kill();
    await subprocess;
    throw error;
  }
  const result = await subprocess;
  if (result.isTerminated || result.timedOut || result.isMaxBuffer) killGroup(subprocess.pid);
  request.signal?.throwIfAborted();
  if (result.timedOut) return { type: "timed-out" };
  if (result.isMaxBuffer) return { type: "output-too-long", maxStdoutBytes };
  if (result.signal !== undefined) return { type: "killed", signal: result.signal };
  if (result.exitCode === undefined) {
    return { type: "not-started", reason: result.code ?? "unknown", cause: result.cause };
  }
  return { type: "exited", exitCode: result.exitCode, stdout: new TextDecoder().decode(result.stdout) };
}

/** Reasons for which a signal reaches nothing: all gone, or only processes that became another user's. */
const UNREACHABLE: ReadonlySet<string> = new Set(["ESRCH", "EPERM"]);

/** Ends what outlived its leader: a descendant that ignores SIGTERM and has closed its output. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!UNREACHABLE.has(code)) throw error;
  }
}
