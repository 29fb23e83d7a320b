import { HistoryError, type HistoryReader, openHistorySnapshot } from "@nix-cache/history";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";

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
 * @throws {@link CommandError} 1 when it cannot be read, or nothing has been published yet
 */
export function requireHistory<Answer>(file: string, query: (history: HistoryReader) => Answer): Answer {
  const found = readHistory(file, (history) => ({ answer: query(history) }));
  if (found === undefined) {
    throw new CommandError(`there is no history yet at ${file}: ${FIRST_RUN_REMEDY}`, EXIT.failed);
  }
  return found.answer;
}
