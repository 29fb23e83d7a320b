import { join } from "node:path";

import type { NixCommand } from "./command.ts";
import { commandFailure, processFailure, unreadableOutput } from "./failure.ts";
import type { LogEvent } from "./log/event.ts";
import { parseLogLine } from "./log/parse-log-line.ts";
import { runProcess, type RunRequest } from "./run.ts";
import { createStderrTail, STDERR_TAIL_LINES } from "./stderr-tail.ts";
import { hideSecrets } from "./text.ts";

/** Longest time of a call that names none: an evaluation that fetches everything stays well below. */
const DEFAULT_TIMEOUT_MS = 60 * 60 * 1000;
/** Verbosity level of warnings; 0 is an error. */
const WARN = 1;

/** Where the executables are and what they run with. */
export interface ExecuteContext {
  /** Absolute directory of the executables; left out, they are found on the PATH of `env`. */
  readonly binDir?: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** What to hide wherever Nix prints it: 2.8 to 2.35 warn of a GitLab token by printing it. */
  readonly secrets?: readonly string[];
}

/** What every call takes. */
export interface CallOptions {
  /** Longest time the call may take; 1 hour by default. Then its process group is ended. */
  readonly timeoutMs?: number;
  /** Ends the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of a call whose command has a log. */
export interface LoggedCallOptions extends CallOptions {
  /** Takes each event as it happens; what it throws ends the command and is thrown by the call. */
  readonly onEvent?: (event: LogEvent) => void;
}

/** Runs a command and parses what it prints; every failure becomes a NixError. */
export async function execute<Result>(
  context: ExecuteContext,
  command: NixCommand<Result>,
  options: LoggedCallOptions = {},
): Promise<Result> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, onEvent } = options;
  const { secrets = [] } = context;
  const tail = createStderrTail(command.maxStderrLines);
  const onLogLine = (line: string): void => {
    const event = parseLogLine(hideSecrets(line, secrets));
    if (event === undefined) return;
    if (event.type === "text" || (event.type === "message" && event.level <= WARN)) tail.add(event.text);
    onEvent?.(event);
  };
  const result = await runProcess({
    ...limitMemory(
      context.binDir === undefined ? command.program : join(context.binDir, command.program),
      command,
    ),
    env: context.env,
    timeoutMs,
    onStderrLine: command.isLogged === true ? onLogLine : (line) => tail.add(hideSecrets(line, secrets)),
    ...(signal === undefined ? {} : { signal }),
  });

  const stderr = tail.lines().join("\n");
  const facts = { command: command.name, stderrTail: tail.lines().slice(-STDERR_TAIL_LINES) };
  if (result.type !== "exited") throw processFailure(result, timeoutMs, { ...facts, ...limitOf(command) });
  const exited = { ...facts, exitCode: result.exitCode };
  const accepts = command.accepts ?? ((exitCode: number) => exitCode === 0);
  if (!accepts(result.exitCode, stderr)) throw commandFailure(command.failureCode, exited);
  const output = { ...result, stderr };
  try {
    return command.parse(output);
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof SyntaxError)) throw cause;
    throw command.isSecret === true
      ? unreadableOutput("a secret", exited)
      : unreadableOutput(hideSecrets(output.stdout, secrets), { ...exited, cause });
  }
}

type LimitedCommand = Pick<NixCommand<unknown>, "argv" | "maxMemoryBytes">;

/**
 * prlimit(1) becomes the program that it starts. The limit is on what a process makes for itself to write to: Nix maps
 * more than it uses, and shares what it reads.
 */
function limitMemory(
  program: string,
  { argv, maxMemoryBytes }: LimitedCommand,
): Pick<RunRequest, "program" | "argv"> {
  if (maxMemoryBytes === undefined) return { program, argv };
  return { program: "prlimit", argv: [`--data=${maxMemoryBytes}`, program, ...argv] };
}

function limitOf({ maxMemoryBytes }: LimitedCommand): Pick<LimitedCommand, "maxMemoryBytes"> {
  return maxMemoryBytes === undefined ? {} : { maxMemoryBytes };
}
