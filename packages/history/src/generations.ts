import type { DatabaseSync } from "node:sqlite";

import { dateColumn, integerColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { selectAll, selectFirst } from "./statements.ts";

/** A toplevel that was published for a host. */
export interface Generation {
  readonly host: string;
  /** Positive; never used twice for the host, not even after deletion. */
  readonly number: number;
  readonly toplevel: string;
  readonly createdAt: Date;
  /** When a run last published or confirmed it. */
  readonly lastVerifiedAt: Date;
  /**
   * Id of the last publication: the higher is the newer, whatever the clock said, then the higher number. An adopted
   * generation shares that of the newest with a smaller number, or has 0.
   */
  readonly lastPublication: number;
  /** The run that made it; absent where it was adopted or that run is forgotten. */
  readonly run?: string;
  /** Commit of the flake that was last published with; outlives the run. */
  readonly revision?: string;
  /** Digest of the flake.lock that it was last published with; outlives the run. */
  readonly lockDigest?: string;
  /** NAR bytes of the toplevel itself. */
  readonly narSize?: number;
  /** NAR bytes of its closure. */
  readonly closureSize?: number;
  readonly pinned: boolean;
  /** When the link that people see was first made. */
  readonly linkedAt?: Date;
  /** When its paths were found to be missing; gone again once it is published anew. */
  readonly lostAt?: Date;
  /** When it was decided to let it go; its root goes then, and its paths at any time from then on. */
  readonly condemnedAt?: Date;
  readonly condemnedReason?: string;
  /** NAR bytes that its condemnation was planned to free. */
  readonly plannedBytes?: number;
  /** When its paths were deleted. */
  readonly deletedAt?: Date;
}

/** Reads one generation. */
export function selectGeneration(db: DatabaseSync, host: string, number: number): Generation | undefined {
  const sql = "SELECT * FROM generations WHERE host = :host AND number = :number";
  const row = selectFirst(db, sql, { host, number });
  return row && toGeneration(row);
}

/** Reads the generation of a host that has this toplevel and is not condemned. */
export function selectLiveGeneration(
  db: DatabaseSync,
  host: string,
  toplevel: string,
): Generation | undefined {
  const sql =
    "SELECT * FROM generations WHERE host = :host AND toplevel = :toplevel AND condemned_at IS NULL";
  const row = selectFirst(db, sql, { host, toplevel });
  return row && toGeneration(row);
}

/** Reads all generations of a host, condemned and deleted ones included, the newest first. */
export function selectGenerations(db: DatabaseSync, host: string): Generation[] {
  const sql = "SELECT * FROM generations WHERE host = :host ORDER BY last_publication DESC, number DESC";
  return selectAll(db, sql, { host }).map(toGeneration);
}

/** Reads the newest generation of each host that is not condemned, by host name. */
export function selectNewestGenerations(db: DatabaseSync): Generation[] {
  // Through the counters, one row for each host: a scan of all generations would grow with the history.
  const sql = `SELECT * FROM generations WHERE (host, number) IN (
      SELECT host, (
        SELECT number FROM generations WHERE host = counter.host AND condemned_at IS NULL
        ORDER BY last_publication DESC, number DESC LIMIT 1
      ) FROM generation_counters AS counter
    ) ORDER BY host`;
  return selectAll(db, sql).map(toGeneration);
}

/** Reads the generations that are condemned and not yet deleted, in the order in which they were condemned. */
export function selectCondemnedGenerations(db: DatabaseSync): Generation[] {
  const sql = `SELECT * FROM generations WHERE condemned_at IS NOT NULL AND deleted_at IS NULL
    ORDER BY condemned_at, host, number`;
  return selectAll(db, sql).map(toGeneration);
}

function toGeneration(row: Row): Generation {
  return {
    host: textColumn(row, "host"),
    number: integerColumn(row, "number"),
    toplevel: textColumn(row, "toplevel"),
    createdAt: dateColumn(row, "created_at"),
    lastVerifiedAt: dateColumn(row, "last_verified_at"),
    lastPublication: integerColumn(row, "last_publication"),
    ...optionalField(row, "run", textColumn, (run) => ({ run })),
    ...optionalField(row, "revision", textColumn, (revision) => ({ revision })),
    ...optionalField(row, "lock_digest", textColumn, (lockDigest) => ({ lockDigest })),
    ...optionalField(row, "nar_size", integerColumn, (narSize) => ({ narSize })),
    ...optionalField(row, "closure_size", integerColumn, (closureSize) => ({ closureSize })),
    pinned: integerColumn(row, "pinned") === 1,
    ...optionalField(row, "linked_at", dateColumn, (linkedAt) => ({ linkedAt })),
    ...optionalField(row, "lost_at", dateColumn, (lostAt) => ({ lostAt })),
    ...optionalField(row, "condemned_at", dateColumn, (condemnedAt) => ({ condemnedAt })),
    ...optionalField(row, "condemned_reason", textColumn, (condemnedReason) => ({ condemnedReason })),
    ...optionalField(row, "planned_bytes", integerColumn, (plannedBytes) => ({ plannedBytes })),
    ...optionalField(row, "deleted_at", dateColumn, (deletedAt) => ({ deletedAt })),
  };
}
