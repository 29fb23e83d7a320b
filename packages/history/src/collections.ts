import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { choiceColumn, dateColumn, integerColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { execute, selectAll } from "./statements.ts";

/** A garbage collection that has ended. */
export interface Collection {
  /** Absent where no run did it, or where that run is forgotten. */
  readonly run?: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Whether it deleted what condemned generations alone kept alive, or all that nothing keeps alive. */
  readonly mode: "targeted" | "full";
  /** NAR bytes that it was to free. */
  readonly plannedBytes: number;
  /** Bytes that Nix says it freed. */
  readonly freedBytes?: number;
  /** Store paths that Nix deleted. */
  readonly deletedPaths?: number;
  /** Bytes free on the store's disk before it. */
  readonly freeBytesBefore: number;
  /** Bytes free on the store's disk after it. */
  readonly freeBytesAfter: number;
  /** Why it failed, for a person to read; absent where it succeeded. */
  readonly reason?: string;
}

const MODES: readonly Collection["mode"][] = ["targeted", "full"];

/** Records a garbage collection. */
export function insertCollection(db: DatabaseSync, collection: Collection): void {
  const { run, mode, freedBytes, deletedPaths, reason } = collection;
  const sql = `INSERT INTO collections (run, started_at, finished_at, mode, planned_bytes, freed_bytes,
      deleted_paths, free_bytes_before, free_bytes_after, reason)
    VALUES (:run, :startedAt, :finishedAt, :mode, :plannedBytes, :freedBytes,
      :deletedPaths, :freeBytesBefore, :freeBytesAfter, :reason)`;
  execute(db, sql, {
    run: run ?? null,
    startedAt: toMs(collection.startedAt, "startedAt"),
    finishedAt: toMs(collection.finishedAt, "finishedAt"),
    mode,
    plannedBytes: toCount(collection.plannedBytes, "plannedBytes"),
    freedBytes: freedBytes === undefined ? null : toCount(freedBytes, "freedBytes"),
    deletedPaths: deletedPaths === undefined ? null : toCount(deletedPaths, "deletedPaths"),
    freeBytesBefore: toCount(collection.freeBytesBefore, "freeBytesBefore"),
    freeBytesAfter: toCount(collection.freeBytesAfter, "freeBytesAfter"),
    reason: reason ?? null,
  });
}

/** Reads the latest garbage collections, the newest first. */
export function selectCollections(db: DatabaseSync, limit: number): Collection[] {
  const sql = "SELECT * FROM collections ORDER BY id DESC LIMIT :limit";
  return selectAll(db, sql, { limit: toCount(limit, "limit") }).map(toCollection);
}

function toCollection(row: Row): Collection {
  return {
    ...optionalField(row, "run", textColumn, (run) => ({ run })),
    startedAt: dateColumn(row, "started_at"),
    finishedAt: dateColumn(row, "finished_at"),
    mode: choiceColumn(MODES)(row, "mode"),
    plannedBytes: integerColumn(row, "planned_bytes"),
    ...optionalField(row, "freed_bytes", integerColumn, (freedBytes) => ({ freedBytes })),
    ...optionalField(row, "deleted_paths", integerColumn, (deletedPaths) => ({ deletedPaths })),
    freeBytesBefore: integerColumn(row, "free_bytes_before"),
    freeBytesAfter: integerColumn(row, "free_bytes_after"),
    ...optionalField(row, "reason", textColumn, (reason) => ({ reason })),
  };
}
