import process from "node:process";

import type { BuilderConfig } from "@nix-cache/config";
import { prepareSshCommand, type SshCommandOptions } from "@nix-cache/gitsync";
import { type Nix, NixError, openNix } from "@nix-cache/nix-exec";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { inputSshOptions } from "./git/git-source.ts";
import type { BuilderMachineConfig } from "./load-config.ts";

/** What Nix's processes write besides the store. */
export interface NixPlaces {
  /** Nix's own caches. */
  readonly cacheDir: string;
  /** How inputs over SSH are reached; the files for host keys are written. */
  readonly ssh: SshCommandOptions;
}

/**
 * Finds Nix and prepares it for the builder's store, with what it needs to fetch the flake's inputs.
 *
 * @param places of the builder's own state when absent
 * @throws {@link CommandError} 1 when there is no Nix that can be used
 */
export async function openBuilderNix(
  { builder, nix }: BuilderMachineConfig,
  signal: AbortSignal,
  places: NixPlaces = placesOfNix(builder),
): Promise<Nix> {
  const { binDir, settings, ...store } = nix;
  const { accessTokensFile } = builder;
  const env = {
    ...process.env,
    // Nix's caches hold store paths: one that another store shares makes it take paths that are not in this one.
    XDG_CACHE_HOME: places.cacheDir,
    // Nix fetches inputs over SSH by a git of its own.
    GIT_SSH_COMMAND: await prepareSshCommand(places.ssh),
  };
  try {
    return await openNix({
      env,
      store,
      settings,
      signal,
      ...(binDir === undefined ? {} : { binDir }),
      ...(accessTokensFile === undefined ? {} : { accessTokensFile }),
    });
  } catch (cause) {
    if (!(cause instanceof NixError)) throw cause;
    throw new CommandError(cause.message, EXIT.failed, { cause });
  }
}

/** Where the builder's runs have them. */
export function placesOfNix(builder: BuilderConfig): NixPlaces {
  return { cacheDir: `${builder.stateDir}/cache`, ssh: inputSshOptions(builder) };
}
