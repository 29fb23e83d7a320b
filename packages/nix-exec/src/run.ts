import { execa } from "execa";

import { splitLines } from "./lines.ts";
import { killIfSame, listDescendants, type ProcessId, sendSignal } from "./processes.ts";

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

/** Longest time of a timer; Node takes a longer one for 1 ms. */
const MAX_TIME_MS = 2 ** 31 - 1;

/**
 * Runs one process in a process group of its own. On time-out, abort, too much output or an error thrown by
 * `onStderrLine` the whole group gets SIGTERM and after the grace SIGKILL, as do descendants that have left the group;
 * when this process exits, SIGTERM. A process that has exited but whose descendants keep its output open is waited
 * for no longer than the grace.
 *
 * @returns how it ended, whatever the exit status
 * @throws the signal's reason when aborted; RangeError for a time-out that is none
 */
export async function runProcess(request: RunRequest): Promise<RunResult> {
  const {
    graceMs = DEFAULT_GRACE_MS,
    maxStdoutBytes = DEFAULT_MAX_STDOUT_BYTES,
    signal,
    timeoutMs,
  } = request;
  if (!(timeoutMs >= 1 && timeoutMs <= MAX_TIME_MS)) {
    throw new RangeError(`expected a time-out of 1 to ${MAX_TIME_MS} ms, got ${timeoutMs}`);
  }
  signal?.throwIfAborted();
  const stop = new AbortController();
  let descendants: readonly ProcessId[] = [];
  // Before execa's own listener signals the group: whoever loses its parent cannot be found any more.
  stop.signal.addEventListener("abort", () => (descendants = listDescendants(subprocess.pid)));
  const subprocess = startProcess(request, { cancelSignal: stop.signal, graceMs, maxStdoutBytes });
  const endAll = (): void => {
    if (subprocess.pid !== undefined) sendSignal(-subprocess.pid, "SIGKILL");
    descendants.forEach(killIfSame);
  };
  const stopNow = (): void => stop.abort();
  const releaseOutput = endOutputAfterExit(subprocess, { graceMs, endAll });
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    stopNow();
  }, timeoutMs);
  signal?.addEventListener("abort", stopNow);
  try {
    for await (const line of splitLines(subprocess.stderr)) request.onStderrLine(line);
  } catch (error) {
    stopNow();
    await subprocess;
    throw error;
  } finally {
    const { isMaxBuffer, isTerminated } = await subprocess;
    if (stop.signal.aborted || isTerminated || isMaxBuffer) endAll();
    clearTimeout(timer);
    releaseOutput();
    signal?.removeEventListener("abort", stopNow);
  }
  signal?.throwIfAborted();
  if (isTimedOut) return { type: "timed-out" };
  return readResult(await subprocess, maxStdoutBytes);
}

interface StartOptions {
  readonly cancelSignal: AbortSignal;
  readonly graceMs: number;
  readonly maxStdoutBytes: number;
}

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- execa derives the type from the options
function startProcess(request: RunRequest, { cancelSignal, graceMs, maxStdoutBytes }: StartOptions) {
  return execa(request.program, request.argv, {
    env: request.env,
    extendEnv: false,
    stdin: "ignore",
    encoding: "buffer",
    stripFinalNewline: false,
    buffer: { stdout: true, stderr: false },
    maxBuffer: { stdout: maxStdoutBytes },
    cancelSignal,
    forceKillAfterDelay: graceMs,
    killDescendants: true,
    reject: false,
  });
}

type Subprocess = ReturnType<typeof startProcess>;

/**
 * Ends the outputs of a process that has exited when something it started still holds them after the grace, as a
 * git or ssh that stays in the background does.
 *
 * @returns function that calls this off
 */
function endOutputAfterExit(
  subprocess: Subprocess,
  { graceMs, endAll }: { readonly graceMs: number; readonly endAll: () => void },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  subprocess.nodeChildProcess.once("exit", () => {
    timer = setTimeout(() => {
      endAll();
      for (const output of [subprocess.stdout, subprocess.stderr]) {
        // An end, not an error: what was printed until now is the output.
        output.push(null);
        output.resume();
      }
    }, graceMs);
  });
  return () => clearTimeout(timer);
}

function readResult(result: Awaited<Subprocess>, maxStdoutBytes: number): RunResult {
  if (result.isMaxBuffer) return { type: "output-too-long", maxStdoutBytes };
  if (result.signal !== undefined) return { type: "killed", signal: result.signal };
  if (result.exitCode === undefined) {
    return { type: "not-started", reason: result.code ?? "unknown", cause: result.cause };
  }
  return { type: "exited", exitCode: result.exitCode, stdout: new TextDecoder().decode(result.stdout) };
}
