import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { formatPathFlakeRef } from "../flake-ref.ts";
import { NixError } from "../nix-error.ts";
import { STDERR_TAIL_LINES } from "../stderr-tail.ts";
import { FLAKE_ARGUMENTS } from "./flake-arguments.ts";
import { requireSeparateLockFile } from "./lock-arguments.ts";

/** What a flake of some hundred inputs prints. */
const MAX_STDERR_LINES = 10_000;

/** Which inputs an update renews. */
interface UpdateInputs {
  /** Names of inputs; left out: all of them. */
  readonly inputs?: readonly [string, ...string[]];
}

/** Options of updateLockFile. */
export interface UpdateLockFileOptions extends UpdateInputs {
  /** May name an immutable revision: the flake itself is not written. */
  readonly flakeRef: string;
  /** Absolute path that the new lock file is written to. */
  readonly outputLockFile: string;
}

/** Options of updateDirectory. */
export interface UpdateDirectoryOptions extends UpdateInputs {
  /** Absolute directory of a copy of the flake; its flake.lock is replaced. */
  readonly directory: string;
}

/**
 * Updates inputs into a lock file outside the flake; needs the capability separateLockFile.
 *
 * @returns commands to run one after the other: Nix 2.19 and 2.20 take one input each
 */
export function updateLockFile(
  options: UpdateLockFileOptions,
  capabilities: NixCapabilities,
): readonly NixCommand<undefined>[] {
  requireSeparateLockFile(capabilities);
  const { outputLockFile } = options;
  const updates = updateWords(positional(options.flakeRef), options, capabilities);
  return updates.map((words, index) =>
    updateCommand([
      ...words,
      // What the commands before it have updated is in the output.
      ...(index === 0 ? [] : ["--reference-lock-file", outputLockFile]),
      "--output-lock-file",
      outputLockFile,
    ]),
  );
}

/**
 * Updates inputs in a plain directory, on every version. The directory is named as `path:`, so that a git
 * repository around it is not taken for the flake.
 *
 * @returns commands to run one after the other, as above
 */
export function updateDirectory(
  options: UpdateDirectoryOptions,
  capabilities: NixCapabilities,
): readonly NixCommand<undefined>[] {
  return updateWords(formatPathFlakeRef(options.directory), options, capabilities).map(updateCommand);
}

function updateCommand(words: readonly string[]): NixCommand<undefined> {
  return {
    program: "nix",
    name: ["nix", ...words.slice(0, 2)].join(" "),
    argv: nixArgv(...words, ...FLAKE_ARGUMENTS),
    failureCode: "ERR_NIX_EVAL",
    maxStderrLines: MAX_STDERR_LINES,
    parse: ({ stderr }) => {
      requireKnownInputs(stderr);
      requireFreshInputs(stderr);
      return undefined;
    },
  };
}

/** Nix only warns of an unknown input, and leaves the lock as it was. */
function requireKnownInputs(stderr: string): void {
  const unknown = /'([^']*)' does not match any input/.exec(stderr)?.[1];
  if (unknown === undefined) return;
  const input = unknown.replace("--update-input ", "");
  throw new NixError("ERR_NIX_ATTRIBUTE", `expected the name of an input, but the flake has no ${input}`);
}

/**
 * Nix goes on with what it fetched earlier, which may be older than what is locked; it says so in words that depend on
 * the version, and 2.26 leaves it to git's own.
 *
 * @see https://github.com/NixOS/nix/issues/8348
 */
function requireFreshInputs(stderr: string): void {
  const complaint =
    /^.*continuing with the most recent version.*$|^.*using cached version.*$/m.exec(stderr) ??
    /^fatal: .*$/m.exec(stderr);
  if (complaint === null) return;
  throw new NixError(
    "ERR_NIX_FETCH",
    `an input could not be fetched, and Nix would have used what was fetched earlier: ${complaint[0]}`,
    { stderrTail: stderr.split("\n").slice(-STDERR_TAIL_LINES) },
  );
}

/** Spells the update for one version; `nix flake update` changed its positional argument in 2.19. */
function updateWords(
  flakeRef: string,
  { inputs = [] }: { readonly inputs?: readonly string[] },
  capabilities: NixCapabilities,
): readonly (readonly string[])[] {
  const invalid = inputs.find((input) => !/^[A-Za-z_][A-Za-z0-9_'/-]*$/.test(input));
  if (invalid !== undefined) {
    throw new RangeError(`expected the name of an input, got ${JSON.stringify(invalid)}`);
  }
  if (!capabilities.updateTakesInputs) {
    if (inputs.length === 0) return [["flake", "update", flakeRef]];
    return [["flake", "lock", flakeRef, ...inputs.flatMap((input) => ["--update-input", input])]];
  }
  const isOneByOne = inputs.length > 1 && !capabilities.updateTakesSeveralInputs;
  const groups = isOneByOne ? inputs.map((input) => [input]) : [inputs];
  return groups.map((group) => ["flake", "update", ...group, "--flake", flakeRef]);
}
