import { toMs } from "./arguments.ts";
import { createReader, type HistoryReader } from "./history-reader.ts";
import { createWriter, type HistoryWriter } from "./history-writer.ts";
import { openWritable } from "./open-database.ts";

/** Options of {@link openHistory}. */
export interface OpenHistoryOptions {
  /** The time of opening; goes into the name of a damaged file. */
  readonly now: Date;
}

/**
 * The history as its one writer sees it. Each method is one transaction, on disk when it returns, and throws
 * {@link HistoryError}; wrong numbers and dates throw TypeError or RangeError.
 */
export interface History extends HistoryReader, HistoryWriter, Disposable {
  /** Where the database went that was found damaged at opening; absent where it was sound or new. */
  readonly damagedFile?: string;
  readonly close: () => void;
}

/**
 * Opens the history for writing; only one process may.
 *
 * A missing file is made, an older schema is migrated, a damaged file is set aside as
 * `<file>.damaged-<time>` and replaced by an empty history: `damagedFile` then has its name.
 *
 * @throws {@link HistoryError} ERR_HISTORY_OPEN, ERR_HISTORY_BUSY, ERR_HISTORY_IO, or ERR_HISTORY_VERSION for a
 *   database that a newer version of this library wrote, which is left as it is
 * @example
 * using history = openHistory("/var/lib/nix-cache-builder/history.sqlite", { now: new Date() });
 * const run = history.startRun({ startedAt: new Date(), branch: "main", flakeUrl: "https://example.org/flake" });
 * @see https://sqlite.org/wal.html
 */
export function openHistory(file: string, options: OpenHistoryOptions): History {
  toMs(options.now, "now");
  const { db, ...findings } = openWritable(file, options.now);
  const close = (): void => {
    if (db.isOpen) db.close();
  };
  return { ...findings, ...createReader(db), ...createWriter(db), close, [Symbol.dispose]: close };
}
