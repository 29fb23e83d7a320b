import type { DatabaseSync } from "node:sqlite";

import { dateColumn, integerColumn, textColumn } from "./columns.ts";
import { selectAll } from "./statements.ts";

/** A run's publication of a generation, new or confirmed. */
export interface Publication {
  /** Higher for a later one, whatever the clock said. */
  readonly id: number;
  readonly run: string;
  readonly host: string;
  readonly generation: number;
  readonly at: Date;
}

/** Reads what a run published, in that order. */
export function selectPublications(db: DatabaseSync, run: string): Publication[] {
  return selectAll(db, "SELECT * FROM publications WHERE run = :run ORDER BY id", { run }).map((row) => ({
    id: integerColumn(row, "id"),
    run: textColumn(row, "run"),
    host: textColumn(row, "host"),
    generation: integerColumn(row, "generation"),
    at: dateColumn(row, "at"),
  }));
}
