import type { Command } from "commander";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

/** Adds `sync`: the checkout becomes the remote's revision. */
export function addSyncCommand(program: Command, context: CommandContext): void {
  addCommand(program, "sync", {
    description: "bring the checkout to the remote's revision",
    example: "nix-cache-builder sync --config /etc/nix-cache-builder/config.toml",
  }).action((options: ConfigOptions) => sync(options, context));
}

async function sync({ config: configFile }: ConfigOptions, { signal }: CommandContext): Promise<void> {
  const { createGitSource } = await import("../git/git-source.ts");
  const { loadConfig } = await import("../load-config.ts");
  const { createLogger } = await import("../log.ts");
  const { placesOf } = await import("../places.ts");
  const { prepareStateDir } = await import("../prepare-state-dir.ts");
  const { withRunLock } = await import("../run-lock.ts");
  const { builder } = await prepareStateDir({
    config: await loadConfig(configFile),
    configFile,
    secrets: ["sshKeyFile", "repoTokenFile"],
  });
  const { revision } = await withRunLock(placesOf(builder).lockFile, "nix-cache-builder sync", () =>
    syncOrExplain(createGitSource(builder).sync, signal),
  );
  createLogger().info({ revision }, "repository synced");
}

async function syncOrExplain<Result>(
  syncNow: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { reasonOf } = await import("../reason.ts");
  try {
    return await syncNow(signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandError(`cannot sync: ${reasonOf(cause)}`, EXIT.noSource, { cause });
  }
}
