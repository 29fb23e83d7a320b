import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { choiceColumn, dateColumn, integerColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { execute, selectAll } from "./statements.ts";

/** A step of a run that has ended. */
export interface Step {
  readonly run: string;
  /** Absent for a step that concerns the whole run. */
  readonly host?: string;
  readonly name: string;
  readonly startedAt: Date;
  /** Whole ms, 0 or more. */
  readonly durationMs: number;
  readonly outcome: "succeeded" | "failed" | "skipped";
}

const OUTCOMES: readonly Step["outcome"][] = ["succeeded", "failed", "skipped"];

/** Records a step. */
export function insertStep(
  db: DatabaseSync,
  { run, host, name, startedAt, durationMs, outcome }: Step,
): void {
  const sql = `INSERT INTO steps (run, host, name, started_at, duration_ms, outcome)
    VALUES (:run, :host, :name, :startedAtMs, :durationMs, :outcome)`;
  execute(db, sql, {
    run,
    host: host ?? null,
    name,
    startedAtMs: toMs(startedAt, "startedAt"),
    durationMs: toCount(durationMs, "durationMs"),
    outcome,
  });
}

/** Reads the steps of a run in the order in which they were recorded. */
export function selectSteps(db: DatabaseSync, run: string): Step[] {
  return selectAll(db, "SELECT * FROM steps WHERE run = :run ORDER BY id", { run }).map(toStep);
}

function toStep(row: Row): Step {
  return {
    run: textColumn(row, "run"),
    ...optionalField(row, "host", textColumn, (host) => ({ host })),
    name: textColumn(row, "name"),
    startedAt: dateColumn(row, "started_at"),
    durationMs: integerColumn(row, "duration_ms"),
    outcome: choiceColumn(OUTCOMES)(row, "outcome"),
  };
}
