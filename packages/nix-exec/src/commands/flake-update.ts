import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { formatPathFlakeRef } from "../flake-ref.ts";
import { NixError } from "../nix-error.ts";
import { FLAKE_ARGUMENTS } from "./flake-arguments.ts";
import { requireSeparateLockFile } from "./lock-arguments.ts";

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

/** Updates inputs into a lock file outside the flake; needs the capability separateLockFile. */
export function updateLockFile(
  options: UpdateLockFileOptions,
  capabilities: NixCapabilities,
): NixCommand<undefined> {
  requireSeparateLockFile(capabilities);
  const output = ["--output-lock-file", options.outputLockFile];
  return updateCommand([...updateWords(positional(options.flakeRef), options, capabilities), ...output]);
}

/**
 * Updates inputs in a plain directory, on every version. The directory is named as `path:`, so that a git
 * repository around it is not taken for the flake.
 */
export function updateDirectory(
  options: UpdateDirectoryOptions,
  capabilities: NixCapabilities,
): NixCommand<undefined> {
  return updateCommand(updateWords(formatPathFlakeRef(options.directory), options, capabilities));
}

function updateCommand(words: readonly string[]): NixCommand<undefined> {
  return {
    program: "nix",
    name: ["nix", ...words.slice(0, 2)].join(" "),
    argv: nixArgv(...words, ...FLAKE_ARGUMENTS),
    failureCode: "ERR_NIX_EVAL",
    parse: ({ stderr }) => {
      // Nix only warns, and leaves the lock as it was.
      const unknown = /'([^']*)' does not match any input/.exec(stderr)?.[1];
      if (unknown === undefined) return undefined;
      const input = unknown.replace("--update-input ", "");
      throw new NixError("ERR_NIX_ATTRIBUTE", `expected the name of an input, but the flake has no ${input}`);
    },
  };
}

/** Spells the update for one version; `nix flake update` changed its positional argument in 2.19. */
function updateWords(
  flakeRef: string,
  { inputs = [] }: { readonly inputs?: readonly string[] },
  capabilities: NixCapabilities,
): readonly string[] {
  const invalid = inputs.find((input) => !/^[A-Za-z_][A-Za-z0-9_'/-]*$/.test(input));
  if (invalid !== undefined)
    throw new RangeError(`expected the name of an input, got ${JSON.stringify(invalid)}`);
  if (!capabilities.updateTakesInputs) {
    if (inputs.length === 0) return ["flake", "update", flakeRef];
    return ["flake", "lock", flakeRef, ...inputs.flatMap((input) => ["--update-input", input])];
  }
  if (inputs.length > 1 && !capabilities.updateTakesSeveralInputs) {
    throw new NixError(
      "ERR_NIX_UNSUPPORTED",
      "expected one input per update with Nix 2.19 and 2.20, got several; update them one after the other",
    );
  }
  return ["flake", "update", ...inputs, "--flake", flakeRef];
}
