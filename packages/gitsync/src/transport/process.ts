import { execa } from "execa";

/** How much of stderr is kept for the error. */
const STDERR_TAIL_BYTES = 4096;

/** How long a process may take to end by itself after SIGTERM. */
const KILL_DELAY_MS = 2000;

/** They name the authorities to trust, for git and git-lfs. */
const CERTIFICATE_VARIABLES: ReadonlySet<string> = new Set(["GIT_SSL_CAINFO", "GIT_SSL_CAPATH"]);

/** Environment variables as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What to run. */
export interface Command {
  /** Name looked up on the environment's PATH, or a path. */
  readonly file: string;
  readonly args: readonly string[];
  /** The child's environment: GIT_* is dropped but for GIT_SSL_CAINFO and GIT_SSL_CAPATH; LC_ALL and SHELL are set. */
  readonly env?: Environment;
}

/** How a process ended. */
export interface ProcessExit {
  /** Undefined when it was killed, or never started. */
  readonly exitCode?: number;
  /** Its last lines on stderr. */
  readonly stderr: string;
  /** Why it could not be started, such as ENOENT. */
  readonly startError?: Error;
}

/** A running process that is written to and read from. */
export interface RunningProcess {
  readonly stdout: AsyncIterable<Uint8Array>;
  /** Writes to stdin and closes it. */
  end(bytes: Uint8Array): void;
  /** Whether stdout was read to its end. */
  isOutputEnded(): boolean;
  /** Settles when the process has ended; never rejects. */
  readonly exit: Promise<ProcessExit>;
  /** Ends the process and everything it started, and settles when that is done. */
  kill(): Promise<void>;
}

/**
 * Starts a process in a group of its own; the only place of this package that does.
 *
 * @param command what to run
 * @param signal kills the group when aborted
 */
export function startProcess(command: Command, signal: AbortSignal): RunningProcess {
  const subprocess = execa(command.file, command.args, {
    extendEnv: false,
    env: childEnvironment(command.env ?? {}),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    buffer: false,
    encoding: "buffer",
    reject: false,
    // A group of its own, so that what ssh and git start ends with them.
    detached: true,
  });
  const { stdin, stdout, stderr, pid } = subprocess;
  const tail = collectTail(stderr);
  // A process that dies early closes its stdin; its exit code and stderr tell more than the EPIPE here.
  stdin.on("error", () => undefined);
  let isRunning = pid !== undefined;
  const kill = async (): Promise<void> => {
    if (isRunning) {
      signalGroup(pid, "SIGTERM");
    }
    // A process that left the group could hold these open for ever.
    stdout.destroy();
    stderr.destroy();
    const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), KILL_DELAY_MS);
    await exit;
    clearTimeout(timer);
  };
  const onAbort = (): void => void kill();
  signal.addEventListener("abort", onAbort, { once: true });
  const exit = subprocess.then((result): ProcessExit => {
    isRunning = false;
    signal.removeEventListener("abort", onAbort);
    return {
      stderr: tail(),
      ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
      ...(pid === undefined && result.cause instanceof Error ? { startError: result.cause } : {}),
    };
  });
  return {
    stdout,
    exit,
    kill,
    isOutputEnded: () => stdout.readableEnded,
    end: (bytes) => void stdin.end(bytes),
  };
}

/**
 * Other GIT_* variables would point git at another repository or another ssh; messages are matched in English. ssh starts
 * proxies and jump hosts by $SHELL, which for the account of a service is often a program that only says no.
 */
function childEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith("GIT_") || CERTIFICATE_VARIABLES.has(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: "C", SHELL: "/bin/sh" };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the whole group has ended already, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}

function collectTail(stream: NodeJS.ReadableStream): () => string {
  let tail = Buffer.alloc(0);
  stream.on("data", (chunk: Uint8Array) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_TAIL_BYTES);
  });
  // A remote must not write escape sequences into our messages.
  return () =>
    tail
      .toString("utf8")
      .replace(/[^\P{Cc}\n\t]/gu, "")
      .trim();
}
