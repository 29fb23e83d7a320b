import type { DatabaseSync } from "node:sqlite";

import { toCount } from "./arguments.ts";
import { bytesColumn, integerColumn } from "./columns.ts";
import { decodeJson, encodeJson } from "./compressed-json.ts";
import { type GenerationKey, requireGeneration, toParameters } from "./generation-key.ts";
import { execute, selectFirst, transact } from "./statements.ts";

/** What changed from one generation of a host to another. */
export interface ClosureDiff {
  /** Number of the generation that it is compared with; that one may be forgotten. */
  readonly previous: number;
  /** JSON that the history does not look into. */
  readonly diff: unknown;
}

/** What changed to a generation from another of its host. */
export interface NewClosureDiff extends GenerationKey, ClosureDiff {}

/** Records what changed to a generation; replaces what was recorded before. */
export function insertClosureDiff(db: DatabaseSync, { host, number, previous, diff }: NewClosureDiff): void {
  const parameters = {
    ...toParameters({ host, number }),
    previous: toCount(previous, "previous", 1),
    diff: encodeJson(diff, "diff"),
  };
  transact(db, () => {
    requireGeneration(db, { host, number });
    requireGeneration(db, { host, number: previous });
    const sql = `INSERT INTO closure_diffs (host, number, previous, diff)
      VALUES (:host, :number, :previous, :diff)
      ON CONFLICT (host, number) DO UPDATE SET previous = excluded.previous, diff = excluded.diff`;
    execute(db, sql, parameters);
  });
}

/** Reads what changed to a generation; undefined where that was not recorded. */
export function selectClosureDiff(db: DatabaseSync, host: string, number: number): ClosureDiff | undefined {
  const sql = "SELECT previous, diff FROM closure_diffs WHERE host = :host AND number = :number";
  const row = selectFirst(db, sql, { host, number });
  return row && { previous: integerColumn(row, "previous"), diff: decodeJson(bytesColumn(row, "diff")) };
}
