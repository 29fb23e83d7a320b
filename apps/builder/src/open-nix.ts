import process from "node:process";

import { prepareSshCommand } from "@nix-cache/gitsync";
import { type Nix, NixError, openNix } from "@nix-cache/nix-exec";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { inputSshOptions } from "./git/git-source.ts";
import type { BuilderMachineConfig } from "./load-config.ts";

/**
 * Finds Nix and prepares it for the builder's store, with what it needs to fetch the flake's inputs.
 *
 * @throws {@link CommandError} 1 when there is no Nix that can be used
 */
export async function openBuilderNix(config: BuilderMachineConfig, signal: AbortSignal): Promise<Nix> {
  const { builder, nix } = config;
  const { binDir, settings, ...store } = nix;
  const { accessTokensFile, stateDir } = builder;
  const env = {
    ...process.env,
    // Nix's caches hold store paths: one that another store shares makes it take paths that are not in this one.
    XDG_CACHE_HOME: `${stateDir}/cache`,
    // Nix fetches inputs over SSH by a git of its own.
    GIT_SSH_COMMAND: await prepareSshCommand(inputSshOptions(builder)),
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
