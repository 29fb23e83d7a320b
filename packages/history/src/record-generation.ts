import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { integerColumn } from "./columns.ts";
import { conflict, type GenerationKey, requireGeneration, toParameters } from "./generation-key.ts";
import { type Generation, selectGeneration } from "./generations.ts";
import { HistoryError } from "./history-error.ts";
import { execute, selectFirst, transact } from "./statements.ts";

/** A generation to record. */
export interface NewGeneration extends GenerationKey {
  readonly toplevel: string;
  readonly at: Date;
  /** NAR bytes of the toplevel itself. */
  readonly narSize?: number;
  /** NAR bytes of its closure. */
  readonly closureSize?: number;
}

/** A publication to record. */
export interface NewPublication extends NewGeneration {
  readonly run: string;
}

/** Takes the next number of a host; it is gone for good, whatever becomes of the generation. */
export function takeGenerationNumber(db: DatabaseSync, host: string): number {
  const sql = `INSERT INTO generation_counters (host, last_number) VALUES (:host, 1)
    ON CONFLICT (host) DO UPDATE SET last_number = last_number + 1 RETURNING last_number`;
  // node:sqlite would not report that the implicit commit of a statement with RETURNING failed.
  const row = transact(db, () => selectFirst(db, sql, { host }));
  if (row === undefined) throw new HistoryError("ERR_HISTORY_IO", `no generation number for ${host}`);
  return integerColumn(row, "last_number");
}

/** Records that a run published a generation, or confirmed it as published. */
export function recordPublication(db: DatabaseSync, publication: NewPublication): Generation {
  const { run, host, number, toplevel } = publication;
  const at = toMs(publication.at, "at");
  return transact(db, () => {
    const known = selectGeneration(db, host, number);
    if (known === undefined) {
      requireTaken(db, publication);
      insertGeneration(db, publication, run);
    } else {
      requireSame(known, toplevel);
    }
    const insert = `INSERT INTO publications (run, host, generation, at) VALUES (:run, :host, :number, :at)`;
    execute(db, insert, { run, host, number, at });
    // What the run does not know must not wipe out what an earlier one knew.
    const update = `UPDATE generations SET last_verified_at = :at, last_publication = last_insert_rowid(),
        lost_at = NULL, revision = coalesce(runs.revision, generations.revision),
        lock_digest = coalesce(runs.lock_digest, generations.lock_digest),
        nar_size = coalesce(:narSize, nar_size), closure_size = coalesce(:closureSize, closure_size)
      FROM runs WHERE runs.id = :run AND host = :host AND number = :number`;
    execute(db, update, { run, host, number, at, ...toSizes(publication) });
    return requireGeneration(db, publication);
  });
}

/** Records a generation that is found on disk but not in the history; it counts as newer than those with smaller numbers. */
export function adoptGeneration(db: DatabaseSync, generation: NewGeneration): Generation {
  const { host, number } = generation;
  return transact(db, () => {
    insertGeneration(db, generation);
    const sql = `INSERT INTO generation_counters (host, last_number) VALUES (:host, :number)
      ON CONFLICT (host) DO UPDATE SET last_number = max(last_number, :number)`;
    execute(db, sql, { host, number });
    // Which of two with the same publication is the newer, their numbers tell.
    const rank = `UPDATE generations SET last_publication = coalesce(
        (SELECT max(last_publication) FROM generations WHERE host = :host AND number < :number), 0)
      WHERE host = :host AND number = :number`;
    execute(db, rank, { host, number });
    return requireGeneration(db, generation);
  });
}

function insertGeneration(db: DatabaseSync, generation: NewGeneration, run?: string): void {
  const sql = `INSERT INTO generations
    (host, number, toplevel, created_at, last_verified_at, run, nar_size, closure_size)
    VALUES (:host, :number, :toplevel, :at, :at, :run, :narSize, :closureSize)`;
  execute(db, sql, {
    ...toParameters(generation),
    toplevel: generation.toplevel,
    at: toMs(generation.at, "at"),
    run: run ?? null,
    ...toSizes(generation),
  });
}

function toSizes({ narSize, closureSize }: NewGeneration): Record<"narSize" | "closureSize", number | null> {
  return {
    narSize: narSize === undefined ? null : toCount(narSize, "narSize"),
    closureSize: closureSize === undefined ? null : toCount(closureSize, "closureSize"),
  };
}

function requireTaken(db: DatabaseSync, key: GenerationKey): void {
  const sql = "SELECT 1 FROM generation_counters WHERE host = :host AND last_number >= :number";
  if (selectFirst(db, sql, toParameters(key)) !== undefined) return;
  throw new HistoryError(
    "ERR_HISTORY_UNKNOWN",
    `generation number ${key.number} of ${key.host} was never taken`,
  );
}

function requireSame(known: Generation, toplevel: string): void {
  if (known.condemnedAt !== undefined) throw conflict(known, "not to be condemned");
  if (known.toplevel !== toplevel) throw conflict(known, `to be ${known.toplevel}, got ${toplevel}`);
}
