import process from "node:process";

import { prepareSshCommand } from "@nix-cache/gitsync";
import { openHistory } from "@nix-cache/history";
import { type Nix, NixError, openNix } from "@nix-cache/nix-exec";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { createGitSource, inputSshOptions } from "../git/git-source.ts";
import { type BuilderMachineConfig, loadConfig } from "../load-config.ts";
import { createLogger } from "../log.ts";
import { runNightly } from "../nightly-run.ts";
import { placesOf } from "../places.ts";
import { prepareStateDir } from "../prepare-state-dir.ts";
import { withRunLock } from "../run-lock.ts";

/**
 * Does a night's work.
 *
 * @throws {@link CommandError} with the exit code of whatever kept it from its hosts
 */
export async function run(configFile: string, signal: AbortSignal): Promise<void> {
  const config = await loadConfig(configFile);
  const places = placesOf(config.builder);
  await prepareStateDir(config.builder.stateDir);
  const status = await withRunLock(places.lockFile, "nix-cache-builder run", async () => {
    using history = openHistory(places.historyFile, { now: new Date() });
    const sshCommand = await prepareSshCommand(inputSshOptions(config.builder));
    return await runNightly({
      config,
      places,
      git: createGitSource(config.builder),
      nix: await findNix(config, sshCommand, signal),
      history,
      log: createLogger(),
      now: () => new Date(),
      signal,
    });
  });
  if (status === "FAILED") process.exitCode = EXIT.failed;
}

async function findNix(
  { builder, nix }: BuilderMachineConfig,
  sshCommand: string,
  signal: AbortSignal,
): Promise<Nix> {
  const { binDir, settings, ...store } = nix;
  const { accessTokensFile, stateDir } = builder;
  const env = {
    ...process.env,
    // Nix's caches hold store paths: one that another store shares makes it take paths that are not in this one.
    XDG_CACHE_HOME: `${stateDir}/cache`,
    // Nix fetches inputs over SSH by a git of its own.
    GIT_SSH_COMMAND: sshCommand,
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
