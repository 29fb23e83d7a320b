/** Why a derivation failed, as far as the log tells; `unknown` when it only tells that it did. */
export type FailureReason =
  | "builder"
  | "timeout"
  | "hash-mismatch"
  | "non-deterministic"
  /** No machine of the system or with the features that it needs. */
  | "wrong-system"
  | "unknown";

/** A derivation that failed by itself, not for want of another. */
export interface FailedDerivation {
  readonly drvPath: string;
  readonly reason: FailureReason;
  /** What Nix said, empty when it said nothing that names this derivation. */
  readonly message: string;
}

/** An error message that tells of a failed build. */
export interface FailureMessage {
  /** Left out by Nix 2.34 for time-outs. */
  readonly drvPath?: string;
  readonly reason: FailureReason;
  readonly message: string;
}

/** `'/nix/store/…-x.drv'`, with the outputs that 2.8 (`!*`) and newer (`^*`) append. */
const QUOTED_DRV = /'([^'!^\n]+\.drv)(?:[!^][^'\n]*)?'/;
/** From here on the words are the builder's, not Nix's. */
const QUOTED_LOG = /last \d+ log lines:/i;

/**
 * Reads an error message of Nix about a build. There is no flag for it in the log, only these words: those of
 * 2.8 to 2.28 and Lix ("builder for X failed with exit code 3"), and those from 2.29 on ("Cannot build X").
 *
 * @returns undefined for messages about anything else, or about a derivation that lacks a failed one
 */
export function readFailureMessage(message: string): FailureMessage | undefined {
  const words = message.split(QUOTED_LOG, 1)[0] ?? "";
  const reason = readReason(words);
  if (reason === undefined) return undefined;
  const drvPath = QUOTED_DRV.exec(words)?.[1];
  return { ...(drvPath === undefined ? {} : { drvPath }), reason, message };
}

/** Those of Determinate's BuildResult that are not the derivation's own fault or doing. */
const NOT_FAILED = new Set(["DependencyFailed", "Cancelled", "NoSubstituters"]);

const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ["TimedOut", "timeout"],
  ["HashMismatch", "hash-mismatch"],
  ["NotDeterministic", "non-deterministic"],
]);

/**
 * Reads the status of a build that did not succeed.
 *
 * @returns undefined when the derivation did not fail by itself
 * @see https://github.com/DeterminateSystems/nix-src/blob/c407745c8b9b616bebf7288697699c45794e31ac/src/libstore/build-result.cc (failureStatusStrings)
 */
export function readFailureStatus(status: string): FailureReason | undefined {
  return NOT_FAILED.has(status) ? undefined : (REASONS.get(status) ?? "builder");
}

function readReason(words: string): FailureReason | undefined {
  if (/\bdependenc(y|ies)\b[^\n]* failed/.test(words)) return undefined;
  if (/timed out after/.test(words)) return "timeout";
  if (/hash mismatch/.test(words)) return "hash-mismatch";
  if (/may not be deterministic|is not deterministic/.test(words)) return "non-deterministic";
  if (/is required to build '|Reason: (platform mismatch|missing system features)/.test(words))
    return "wrong-system";
  if (/builder for '|[Cc]annot build '/.test(words)) return "builder";
  return undefined;
}
