import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { createGitSource } from "../git/git-source.ts";
import { loadConfig } from "../load-config.ts";
import { createLogger } from "../log.ts";
import { placesOf } from "../places.ts";
import { prepareStateDir } from "../prepare-state-dir.ts";
import { reasonOf } from "../reason.ts";
import { withRunLock } from "../run-lock.ts";

/**
 * Brings the checkout to the remote's revision.
 *
 * @throws {CommandError} 69 when it cannot be synced, 75 when another command holds the lock
 */
export async function sync(configFile: string, signal: AbortSignal): Promise<void> {
  const { builder } = await loadConfig(configFile);
  await prepareStateDir(builder.stateDir);
  const { revision } = await withRunLock(placesOf(builder).lockFile, "nix-cache-builder sync", () =>
    syncOrExplain(createGitSource(builder).sync, signal),
  );
  createLogger().info({ revision }, "repository synced");
}

async function syncOrExplain<Result>(
  syncNow: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await syncNow(signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandError(`cannot sync: ${reasonOf(cause)}`, EXIT.noSource, { cause });
  }
}
