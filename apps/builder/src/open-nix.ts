import process from "node:process";

import type { BuilderConfig, NixConfig } from "@nix-cache/config";
import { prepareSshCommand, type SshCommandOptions } from "@nix-cache/gitsync";
import { type Nix, NixError, openNix, type OpenNixOptions } from "@nix-cache/nix-exec";

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
  const env = {
    ...process.env,
    // Nix's caches hold store paths: one that another store shares makes it take paths that are not in this one.
    XDG_CACHE_HOME: places.cacheDir,
    // Nix fetches inputs over SSH by a git of its own.
    GIT_SSH_COMMAND: await prepareSshCommand(places.ssh),
  };
  const { accessTokensFile } = builder;
  const tokens = accessTokensFile === undefined ? {} : { accessTokensFile };
  return openOrExplain(nix, { env, signal, ...tokens });
}

/**
 * Finds Nix for work on the builder's store that fetches nothing, so that no access token has to be readable.
 *
 * @throws {@link CommandError} 1 when there is no Nix that can be used
 */
export async function openOfflineNix(
  { builder, nix }: BuilderMachineConfig,
  signal: AbortSignal,
): Promise<Nix> {
  const env = { ...process.env, XDG_CACHE_HOME: placesOfNix(builder).cacheDir };
  return openOrExplain(nix, { env, signal });
}

/**
 * Finds Nix for a look at the builder's store: nothing is fetched, and nothing of the builder's own state written.
 *
 * @throws {@link CommandError} 1 when there is no Nix that can be used
 */
export async function openStoreNix({ nix }: BuilderMachineConfig, signal: AbortSignal): Promise<Nix> {
  return openOrExplain(nix, { env: process.env, signal });
}

async function openOrExplain(
  { binDir, settings, ...store }: NixConfig,
  options: Pick<OpenNixOptions, "accessTokensFile" | "env" | "signal">,
): Promise<Nix> {
  try {
    return await openNix({ ...options, store, settings, ...(binDir === undefined ? {} : { binDir }) });
  } catch (cause) {
    if (!(cause instanceof NixError)) throw cause;
    throw new CommandError(cause.message, EXIT.failed, { cause });
  }
}

/** Where the builder's runs have them. */
export function placesOfNix(builder: BuilderConfig): NixPlaces {
  return { cacheDir: `${builder.stateDir}/cache`, ssh: inputSshOptions(builder) };
}
