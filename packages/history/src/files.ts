import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

import { findFreeName, formatCompactTime } from "./compact-time.ts";
import { HistoryError } from "./history-error.ts";

/** All may read the snapshot: builder and server are different users. */
const SNAPSHOT_MODE = 0o644;

/**
 * Renames a database and what SQLite keeps beside it to `<file>.damaged-<time>`.
 *
 * @returns the new name of the database
 * @throws {@link HistoryError} ERR_HISTORY_IO
 */
export function setAside(file: string, now: Date): string {
  return withIoErrors(`cannot set ${file} aside`, () => {
    const name = findFreeName(`${file}.damaged-${formatCompactTime(now)}`, existsSync);
    // The database goes last: killed in between, it is found damaged again, and no new one meets an old WAL.
    for (const suffix of ["-wal", "-shm", ""]) {
      if (existsSync(file + suffix)) renameSync(file + suffix, name + suffix);
    }
    return name;
  });
}

/**
 * Replaces a file with one that `write` makes: whoever opens it finds the old one or the new one, complete.
 *
 * @param write - makes the file of the name it is given, in the same directory
 * @throws {@link HistoryError} ERR_HISTORY_IO, or what `write` throws
 */
export function replaceFile(file: string, write: (temporary: string) => void): void {
  // A fixed name: the history has one writer, and what a killed one left goes with the next.
  const temporary = `${file}.tmp`;
  withIoErrors(`cannot write ${file}`, () => {
    try {
      rmSync(temporary, { force: true });
      write(temporary);
      chmodSync(temporary, SNAPSHOT_MODE);
      syncToDisk(temporary);
      renameSync(temporary, file);
      syncToDisk(dirname(file));
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/**
 * Tells one version of a file from another that has replaced it.
 *
 * @returns undefined where there is no such file
 * @throws {@link HistoryError} ERR_HISTORY_IO
 */
export function identifyFile(file: string): string | undefined {
  return withIoErrors(`cannot read ${file}`, () => {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    // An inode number comes back once nobody holds the file; with the change time it does not.
    return stats && [stats.dev, stats.ino, stats.ctimeNs, stats.size].join(":");
  });
}

function syncToDisk(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function withIoErrors<T>(message: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new HistoryError("ERR_HISTORY_IO", `${message}: ${error.message}`, { cause: error });
  }
}
