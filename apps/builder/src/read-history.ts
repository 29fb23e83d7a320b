import { HistoryError, type HistoryReader, openHistorySnapshot } from "@nix-cache/history";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { type BuilderMachineConfig, loadConfig } from "./load-config.ts";
import { placesOf } from "./places.ts";

/** What to do where there is no history to read. */
export const FIRST_RUN_REMEDY = "start a first run: nix-cache-builder run";

/**
 * Asks the published history, as any user may.
 *
 * @param file history.public.sqlite
 * @returns undefined while nothing has been published
 * @throws {@link CommandError} 1 when it cannot be read
 */
export function readHistory<Answer>(
  file: string,
  query: (history: HistoryReader) => Answer,
): Answer | undefined {
  using snapshot = openHistorySnapshot(file);
  try {
    return snapshot.read(query);
  } catch (cause) {
    if (!(cause instanceof HistoryError)) throw cause;
    throw new CommandError(`cannot read ${file}: ${cause.message}`, EXIT.failed, { cause });
  }
}

/**
 * Asks the published history of a machine that has run.
 *
 * @throws {@link CommandError} 78 for a configuration that cannot be used, 1 when the history cannot be read, or nothing
 *   has been published yet
 */
export async function askHistory<Answer>(
  configFile: string,
  query: (history: HistoryReader, config: BuilderMachineConfig) => Answer,
): Promise<Answer> {
  const config = await loadConfig(configFile);
  const { publicHistoryFile } = placesOf(config.builder);
  const found = readHistory(publicHistoryFile, (history) => ({ answer: query(history, config) }));
  if (found !== undefined) return found.answer;
  const message = `there is no history yet at ${publicHistoryFile}: ${FIRST_RUN_REMEDY}`;
  throw new CommandError(message, EXIT.failed);
}
