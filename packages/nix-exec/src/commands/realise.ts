import { type NixCommand, positional } from "../command.ts";

/** What made a build fail; several can be told at once. */
export type BuildFailure = "builder" | "timeout" | "hash-mismatch" | "non-deterministic";

/** How a build ended. A failed build is an answer; everything else that goes wrong is a NixError. */
export type RealiseResult =
  | {
      readonly type: "built";
      /** What Nix printed: the root when one was asked for, store paths otherwise. */
      readonly paths: readonly string[];
    }
  | { readonly type: "failed"; readonly exitCode: number; readonly failures: readonly BuildFailure[] };

/** Options of realise. */
export interface RealiseOptions {
  /** Store path of a derivation to build, or of an output to substitute. */
  readonly path: string;
  /** Absolute path of the link to make and register as GC root; never overwrites a file. */
  readonly root?: string;
  /** Longest time of each derivation's build. */
  readonly buildTimeoutMs?: number;
  /** Longest time that a builder may print nothing. */
  readonly maxSilentTimeMs?: number;
  /** Remote builders, as in nix.conf; "" builds on this machine alone. */
  readonly builders?: string;
}

/**
 * Builds a derivation and everything it needs, going on after a failure, or fetches an output.
 * `nix-store`, not `nix build`: its exit statuses tell failures apart, and it has one spelling everywhere.
 */
export function realise(options: RealiseOptions): NixCommand<RealiseResult> {
  const { root, buildTimeoutMs, maxSilentTimeMs, builders } = options;
  return {
    program: "nix-store",
    name: "nix-store --realise",
    argv: [
      "--realise",
      positional(options.path),
      "--keep-going",
      "--log-format",
      "internal-json",
      "-v",
      ...(root === undefined ? [] : ["--add-root", root]),
      ...(buildTimeoutMs === undefined ? [] : ["--timeout", formatSeconds(buildTimeoutMs)]),
      ...(maxSilentTimeMs === undefined ? [] : ["--max-silent-time", formatSeconds(maxSilentTimeMs)]),
      ...(builders === undefined ? [] : ["--builders", builders]),
    ],
    failureCode: "ERR_NIX_FAILED",
    isLogged: true,
    accepts: (exitCode) => exitCode === 0 || readBuildFailures(exitCode) !== undefined,
    parse: ({ exitCode, stdout }) => {
      const failures = readBuildFailures(exitCode);
      if (failures !== undefined) return { type: "failed", exitCode, failures };
      return { type: "built", paths: stdout.split("\n").filter((line) => line !== "") };
    },
  };
}

const TIMEOUT = 0b0001;
const HASH_MISMATCH = 0b0010;
const FAILURE = 0b0100;
const NON_DETERMINISTIC = 0b1000;
/** These two bits mark the status as one about builds; 96 + 4 = 100 is the plain failure. */
const MARK = 0b110_0000;

/**
 * Reads the exit status of `nix-store --realise`.
 *
 * @returns undefined when it is not about a build: success, or trouble of Nix itself
 * @see https://nix.dev/manual/nix/latest/command-ref/status-build-failure
 */
export function readBuildFailures(exitCode: number): readonly BuildFailure[] | undefined {
  const bits = exitCode - MARK;
  if (bits <= 0 || bits > 0b1111) return undefined;
  const failures: BuildFailure[] = [];
  if ((bits & TIMEOUT) !== 0) failures.push("timeout");
  if ((bits & HASH_MISMATCH) !== 0) failures.push("hash-mismatch");
  if ((bits & NON_DETERMINISTIC) !== 0) failures.push("non-deterministic");
  // The bit for failure is set along with time-out and hash mismatch, so it tells something only when alone.
  if (bits === FAILURE) failures.push("builder");
  return failures;
}

/** Nix counts whole seconds, and 0 would mean no limit. */
function formatSeconds(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) throw new RangeError(`expected a positive number of ms, got ${ms}`);
  return String(Math.ceil(ms / 1000));
}
