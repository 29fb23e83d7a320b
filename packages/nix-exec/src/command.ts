import type { NixErrorCode } from "./nix-error.ts";

/** What a finished command leaves to be parsed. */
interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  /** The last lines of standard error; of a command with a log, its messages. */
  readonly stderr: string;
}

/** A command of Nix as data: what to run and how to read what it prints. Nothing here runs. */
export interface NixCommand<Result> {
  readonly program: "nix" | "nix-store";
  /** Words that name the command in messages, such as `nix store sign`. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Most memory that the process may take; without a limit when absent. Linux alone. */
  readonly maxMemoryBytes?: number;
  /** Code of a failure that the stderr does not explain. */
  readonly failureCode: NixErrorCode;
  /** True when stderr is the JSON of `--log-format internal-json`. */
  readonly isLogged?: boolean;
  /** True when stdout may hold secrets, which then stay out of errors. */
  readonly isSecret?: boolean;
  /** Most lines of stderr that `parse` gets, the last ones; 40 by default. */
  readonly maxStderrLines?: number;
  /** Says which exit statuses are answers; by default 0 alone. */
  readonly accepts?: (exitCode: number, stderr: string) => boolean;
  /** Turns the output into the result; throws SyntaxError, TypeError or NixError on what it cannot read. */
  readonly parse: (output: CommandOutput) => Result;
}

/** Neither Debian's Nix nor upstream's default configuration enables them. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/** Starts the argv of a `nix COMMAND`. */
export function nixArgv(...words: readonly string[]): readonly string[] {
  return [...FEATURES, ...words];
}

/** Passes a positional argument on; one that Nix would take for an option is refused. */
export function positional(argument: string): string {
  if (argument.startsWith("-")) throw new RangeError(`expected no option, got ${JSON.stringify(argument)}`);
  return argument;
}
