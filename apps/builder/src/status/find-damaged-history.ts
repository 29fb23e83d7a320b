import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

import { isErrno } from "../errno.ts";

/** Finds the newest history that was found damaged and set aside; undefined where there is none, or where nobody may look. */
export function findDamagedHistory(historyFile: string): string | undefined {
  const prefix = `${basename(historyFile)}.damaged-`;
  try {
    // Their names end in the time; what SQLite kept beside one ends in -wal or -shm.
    const names = readdirSync(dirname(historyFile)).filter(
      (name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name),
    );
    const newest = names.toSorted().at(-1);
    return newest === undefined ? undefined : `${dirname(historyFile)}/${newest}`;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return undefined;
    throw error;
  }
}
