import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { integerColumn } from "./columns.ts";
import { type Generation, selectGeneration } from "./generations.ts";
import { HistoryError } from "./history-error.ts";
import { execute, selectFirst, transact } from "./statements.ts";

/** Names a generation. */
export interface GenerationKey {
  readonly host: string;
  readonly number: number;
}

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
    const update = `UPDATE generations SET last_verified_at = :at, last_publication = last_insert_rowid()
      WHERE host = :host AND number = :number`;
    execute(db, update, { host, number, at });
    return requireGeneration(db, publication);
  });
}

/** Records a generation that is found on disk but not in the history; it counts as older than any publication. */
export function adoptGeneration(db: DatabaseSync, generation: NewGeneration): Generation {
  const { host, number } = generation;
  return transact(db, () => {
    insertGeneration(db, generation);
    const sql = `INSERT INTO generation_counters (host, last_number) VALUES (:host, :number)
      ON CONFLICT (host) DO UPDATE SET last_number = max(last_number, :number)`;
    execute(db, sql, { host, number });
    return requireGeneration(db, generation);
  });
}

/** Records that a generation's root was removed. */
export function condemnGeneration(db: DatabaseSync, key: GenerationKey, date: Date): void {
  const at = toMs(date, "at");
  transact(db, () => {
    const { pinned } = requireGeneration(db, key);
    if (pinned) throw conflict(key, "to be unpinned before it is condemned");
    const sql = `UPDATE generations SET condemned_at = coalesce(condemned_at, :at)
      WHERE host = :host AND number = :number`;
    execute(db, sql, { ...toParameters(key), at });
  });
}

/** Records that a condemned generation's paths were deleted. */
export function recordDeletion(db: DatabaseSync, key: GenerationKey, date: Date): void {
  const at = toMs(date, "at");
  transact(db, () => {
    const { condemnedAt } = requireGeneration(db, key);
    if (condemnedAt === undefined) throw conflict(key, "to be condemned before it is deleted");
    const sql = `UPDATE generations SET deleted_at = coalesce(deleted_at, :at)
      WHERE host = :host AND number = :number`;
    execute(db, sql, { ...toParameters(key), at });
  });
}

/** Records whether the administrator wants a generation kept. */
export function updatePin(
  db: DatabaseSync,
  key: GenerationKey,
  { pinned }: Pick<Generation, "pinned">,
): void {
  transact(db, () => {
    const { condemnedAt } = requireGeneration(db, key);
    if (pinned && condemnedAt !== undefined) throw conflict(key, "not to be condemned already");
    const sql = "UPDATE generations SET pinned = :pinned WHERE host = :host AND number = :number";
    execute(db, sql, { ...toParameters(key), pinned: Number(pinned) });
  });
}

function insertGeneration(db: DatabaseSync, generation: NewGeneration, run?: string): void {
  const { toplevel, narSize, closureSize } = generation;
  const sql = `INSERT INTO generations
    (host, number, toplevel, created_at, last_verified_at, run, nar_size, closure_size)
    VALUES (:host, :number, :toplevel, :at, :at, :run, :narSize, :closureSize)`;
  execute(db, sql, {
    ...toParameters(generation),
    toplevel,
    at: toMs(generation.at, "at"),
    run: run ?? null,
    narSize: narSize === undefined ? null : toCount(narSize, "narSize"),
    closureSize: closureSize === undefined ? null : toCount(closureSize, "closureSize"),
  });
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

function requireGeneration(db: DatabaseSync, { host, number }: GenerationKey): Generation {
  const generation = selectGeneration(db, host, number);
  if (generation !== undefined) return generation;
  throw new HistoryError("ERR_HISTORY_UNKNOWN", `generation ${number} of ${host} is not recorded`);
}

function conflict({ host, number }: GenerationKey, expectation: string): HistoryError {
  return new HistoryError("ERR_HISTORY_CONFLICT", `expected generation ${number} of ${host} ${expectation}`);
}

function toParameters({ host, number }: GenerationKey): { host: string; number: number } {
  return { host, number: toCount(number, "number", 1) };
}
