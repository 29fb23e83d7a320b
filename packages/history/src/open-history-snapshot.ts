import type { DatabaseSync } from "node:sqlite";

import { identifyFile } from "./files.ts";
import { createReader, type HistoryReader } from "./history-reader.ts";
import { openImmutable } from "./open-database.ts";

/** The history as its readers see it: the snapshot that was published last. */
export interface HistorySnapshot extends Disposable {
  /**
   * Asks the newest snapshot; all that one query asks comes from the same one.
   *
   * @param query - is done with the reader when it returns
   * @returns what the query returns; undefined where no snapshot has been published yet
   * @throws {@link HistoryError} ERR_HISTORY_OPEN, ERR_HISTORY_DAMAGED, ERR_HISTORY_VERSION, ERR_HISTORY_IO
   */
  readonly read: <T>(query: (reader: HistoryReader) => T) => T | undefined;
  readonly close: () => void;
}

interface OpenSnapshot {
  readonly identity: string;
  readonly db: DatabaseSync;
}

/**
 * Prepares to read the snapshot that the writer publishes, with no right but to read the file. Opens nothing
 * until asked, so the file may come later; once the file is replaced, the next question goes to the new one.
 *
 * @param file - path of `history.public.sqlite`
 * @example
 * using snapshot = openHistorySnapshot("/var/lib/nix-cache-builder/history.public.sqlite");
 * const status = snapshot.read((history) => history.latestRun()?.status) ?? "no run yet";
 * @see https://sqlite.org/uri.html#uriimmutable
 */
export function openHistorySnapshot(file: string): HistorySnapshot {
  let current: OpenSnapshot | undefined;
  const close = (): void => {
    current?.db.close();
    current = undefined;
  };
  const refresh = (): OpenSnapshot | undefined => {
    if (current !== undefined && current.identity === identifyFile(file)) return current;
    close();
    current = openCurrent(file);
    return current;
  };
  const read = <T>(query: (reader: HistoryReader) => T): T | undefined => {
    const snapshot = refresh();
    return snapshot && query(createReader(snapshot.db));
  };
  return { read, close, [Symbol.dispose]: close };
}

function openCurrent(file: string): OpenSnapshot | undefined {
  for (;;) {
    const identity = identifyFile(file);
    if (identity === undefined) return undefined;
    const db = openImmutable(file);
    // Replaced while it was opened: which of the two it is cannot be told.
    if (identifyFile(file) === identity) return { identity, db };
    db.close();
  }
}
