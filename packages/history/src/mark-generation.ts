import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { conflict, type GenerationKey, requireGeneration, toParameters } from "./generation-key.ts";
import type { Generation } from "./generations.ts";
import { execute, type Parameters, transact } from "./statements.ts";

/** Why and when a generation is let go. */
export interface Condemnation {
  readonly at: Date;
  /** Why, for a person to read. */
  readonly reason: string;
  /** NAR bytes that are to be freed by it. */
  readonly plannedBytes?: number;
}

/** Records that a generation is let go; the first condemnation stands. */
export function condemnGeneration(
  db: DatabaseSync,
  key: GenerationKey,
  { at, reason, plannedBytes }: Condemnation,
): void {
  const atMs = toMs(at, "at");
  const bytes = plannedBytes === undefined ? null : toCount(plannedBytes, "plannedBytes");
  transact(db, () => {
    const { pinned, condemnedAt } = requireGeneration(db, key);
    if (pinned) throw conflict(key, "to be unpinned before it is condemned");
    if (condemnedAt !== undefined) return;
    update(db, key, "condemned_at = :atMs, condemned_reason = :reason, planned_bytes = :bytes", {
      atMs,
      reason,
      bytes,
    });
  });
}

/** Records that a condemned generation's paths were deleted. */
export function recordDeletion(db: DatabaseSync, key: GenerationKey, date: Date): void {
  const at = toMs(date, "at");
  transact(db, () => {
    const { condemnedAt } = requireGeneration(db, key);
    if (condemnedAt === undefined) throw conflict(key, "to be condemned before it is deleted");
    update(db, key, "deleted_at = coalesce(deleted_at, :at)", { at });
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
    update(db, key, "pinned = :pinned", { pinned: Number(pinned) });
  });
}

/** Records that the link that people see was made; the first time stands. */
export function recordLink(db: DatabaseSync, key: GenerationKey, date: Date): void {
  const at = toMs(date, "at");
  transact(db, () => {
    requireGeneration(db, key);
    update(db, key, "linked_at = coalesce(linked_at, :at)", { at });
  });
}

/** Records that a generation's paths are missing; the first time stands. */
export function markLost(db: DatabaseSync, key: GenerationKey, date: Date): void {
  const at = toMs(date, "at");
  transact(db, () => {
    requireGeneration(db, key);
    update(db, key, "lost_at = coalesce(lost_at, :at)", { at });
  });
}

/** Records that a generation's paths are there again. */
export function clearLost(db: DatabaseSync, key: GenerationKey): void {
  transact(db, () => {
    requireGeneration(db, key);
    update(db, key, "lost_at = NULL", {});
  });
}

/** @param assignments - SQL with named parameters; never a value */
function update(db: DatabaseSync, key: GenerationKey, assignments: string, values: Parameters): void {
  const sql = `UPDATE generations SET ${assignments} WHERE host = :host AND number = :number`;
  execute(db, sql, { ...values, ...toParameters(key) });
}
