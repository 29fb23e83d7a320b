import { diagnose, lastErrorLine } from "./diagnose.ts";
import { NixError, type NixErrorCode } from "./nix-error.ts";
import type { RunResult } from "./run.ts";
import { cleanText, hideCredentials } from "./text.ts";

/** What is known of a command that failed. */
export interface FailureFacts {
  readonly command: string;
  readonly stderrTail: readonly string[];
  /** The limit of memory that the process had. */
  readonly maxMemoryBytes?: number;
}

/** Makes the error of a process that did not end by itself. */
export function processFailure(
  result: Exclude<RunResult, { type: "exited" }>,
  timeoutMs: number,
  facts: FailureFacts,
): NixError {
  const { command } = facts;
  switch (result.type) {
    case "timed-out":
      return new NixError("ERR_NIX_TIMEOUT", `${command} did not end within ${timeoutMs} ms`, facts);
    case "killed": {
      const isOutOfMemory = diagnose(facts.stderrTail.join("\n"))?.code === "ERR_NIX_MEMORY";
      if (isOutOfMemory) return new NixError("ERR_NIX_MEMORY", `${command} ran out of memory`, facts);
      const how =
        result.signal === "SIGKILL" ? "killed, most likely for want of memory" : `ended by ${result.signal}`;
      const message = `${command} was ${how}`;
      return new NixError("ERR_NIX_KILLED", message, { ...facts, signal: result.signal });
    }
    case "output-too-long": {
      const message = `${command}: expected at most ${result.maxStdoutBytes} bytes of output, got more`;
      return new NixError("ERR_NIX_OUTPUT", message, facts);
    }
    default:
      return notStarted(result, facts);
  }
}

function notStarted(result: Extract<RunResult, { type: "not-started" }>, facts: FailureFacts): NixError {
  const advice =
    facts.maxMemoryBytes === undefined
      ? "install Nix, put it on PATH, or set binDir to the directory that holds nix and nix-store"
      : "install util-linux, whose prlimit holds it to its limit of memory, and put it on PATH";
  const message = `${facts.command} could not be started (${result.reason}): ${advice}`;
  return new NixError("ERR_NIX_NOT_FOUND", message, { ...facts, cause: result.cause });
}

/** Makes the error of a command whose exit status says that it failed. */
export function commandFailure(
  fallback: NixErrorCode,
  facts: FailureFacts & { readonly exitCode: number },
): NixError {
  const stderr = facts.stderrTail.join("\n");
  const diagnosis = diagnose(stderr);
  const reasons = [diagnosis?.advice, lastErrorLine(stderr)].filter((reason) => reason !== undefined);
  const reason = reasons.length === 0 ? "it gave no reason" : reasons.join("; Nix said: ");
  const message = `${facts.command} ended with status ${facts.exitCode}: ${reason}`;
  return new NixError(diagnosis?.code ?? fallback, message, facts);
}

/** Makes the error of a command that succeeded but printed something unknown. */
export function unreadableOutput(
  stdout: string,
  facts: FailureFacts & { readonly exitCode: number; readonly cause?: unknown },
): NixError {
  const found = JSON.stringify(hideCredentials(cleanText(stdout.slice(0, 200))));
  const message = `${facts.command}: expected output of a known form, found ${found}`;
  return new NixError("ERR_NIX_OUTPUT", message, facts);
}
