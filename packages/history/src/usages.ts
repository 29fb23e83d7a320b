import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { dateColumn, integerColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { execute, selectFirst } from "./statements.ts";

/** What the published generations take of the disk. */
export interface Usage {
  /** Absent where no run measured it, or where that run is forgotten. */
  readonly run?: string;
  readonly at: Date;
  /** NAR bytes of the store paths that published generations keep alive, each path counted once. */
  readonly rootedBytes: number;
  /** How many store paths those are. */
  readonly rootedPaths: number;
  /** Bytes free on the store's disk. */
  readonly freeBytes: number;
  /** Whether what must be kept is more than the cap allows. */
  readonly overCap: boolean;
  /** Whether what must be kept leaves less space free than is asked for. */
  readonly underMinFree: boolean;
}

/** Records what the published generations take of the disk. */
export function insertUsage(db: DatabaseSync, usage: Usage): void {
  const sql = `INSERT INTO usages (run, at, rooted_bytes, rooted_paths, free_bytes, over_cap, under_min_free)
    VALUES (:run, :at, :rootedBytes, :rootedPaths, :freeBytes, :overCap, :underMinFree)`;
  execute(db, sql, {
    run: usage.run ?? null,
    at: toMs(usage.at, "at"),
    rootedBytes: toCount(usage.rootedBytes, "rootedBytes"),
    rootedPaths: toCount(usage.rootedPaths, "rootedPaths"),
    freeBytes: toCount(usage.freeBytes, "freeBytes"),
    overCap: Number(usage.overCap),
    underMinFree: Number(usage.underMinFree),
  });
}

/** Reads what was recorded last of the disk. */
export function selectLatestUsage(db: DatabaseSync): Usage | undefined {
  const row = selectFirst(db, "SELECT * FROM usages ORDER BY id DESC LIMIT 1");
  return row && toUsage(row);
}

function toUsage(row: Row): Usage {
  return {
    ...optionalField(row, "run", textColumn, (run) => ({ run })),
    at: dateColumn(row, "at"),
    rootedBytes: integerColumn(row, "rooted_bytes"),
    rootedPaths: integerColumn(row, "rooted_paths"),
    freeBytes: integerColumn(row, "free_bytes"),
    overCap: integerColumn(row, "over_cap") === 1,
    underMinFree: integerColumn(row, "under_min_free") === 1,
  };
}
