import type { DatabaseSync } from "node:sqlite";

import { toCount } from "./arguments.ts";
import { choiceColumn, integerColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { execute, selectAll } from "./statements.ts";

interface HostResultBase {
  readonly run: string;
  readonly host: string;
  readonly drvPath?: string;
  /** Whole ms that the host took, 0 or more. */
  readonly durationMs: number;
}

/** A host whose generation a run published, or found to be the newest already. */
export interface PublishedHost extends HostResultBase {
  readonly state: "published" | "unchanged";
  readonly toplevel: string;
  readonly generation: number;
}

/** A host that a run could not bring to publication. */
export interface FailedHost extends HostResultBase {
  readonly state: "failed";
  readonly failedStep: "evaluate" | "build" | "sign" | "publish";
  /** Kind of failure, in the builder's words. */
  readonly failureClass?: string;
  /** What went wrong, for a person to read. */
  readonly reason: string;
  /** Present where it was built. */
  readonly toplevel?: string;
}

/** What a run made of a host; told apart by `state`. */
export type HostResult = PublishedHost | FailedHost;

const STATES: readonly HostResult["state"][] = ["published", "unchanged", "failed"];
const FAILED_STEPS: readonly FailedHost["failedStep"][] = ["evaluate", "build", "sign", "publish"];

/** Records what a run made of a host; once for each host and run. */
export function insertHostResult(db: DatabaseSync, result: HostResult): void {
  const sql = `INSERT INTO host_results
    (run, host, state, failed_step, failure_class, reason, drv_path, toplevel, generation, duration_ms)
    VALUES (:run, :host, :state, :failedStep, :failureClass, :reason, :drvPath, :toplevel, :generation, :durationMs)`;
  const isFailed = result.state === "failed";
  execute(db, sql, {
    run: result.run,
    host: result.host,
    state: result.state,
    failedStep: isFailed ? result.failedStep : null,
    failureClass: isFailed ? (result.failureClass ?? null) : null,
    reason: isFailed ? result.reason : null,
    drvPath: result.drvPath ?? null,
    toplevel: result.toplevel ?? null,
    generation: isFailed ? null : result.generation,
    durationMs: toCount(result.durationMs, "durationMs"),
  });
}

/** Reads what a run made of its hosts, by host name. */
export function selectHostResults(db: DatabaseSync, run: string): HostResult[] {
  const sql = "SELECT * FROM host_results WHERE run = :run ORDER BY host";
  return selectAll(db, sql, { run }).map(toHostResult);
}

/** Reads a host result from its columns. */
export function toHostResult(row: Row): HostResult {
  const base = {
    run: textColumn(row, "run"),
    host: textColumn(row, "host"),
    ...optionalField(row, "drv_path", textColumn, (drvPath) => ({ drvPath })),
    durationMs: integerColumn(row, "duration_ms"),
  };
  const state = choiceColumn(STATES)(row, "state");
  if (state !== "failed") {
    return {
      ...base,
      state,
      toplevel: textColumn(row, "toplevel"),
      generation: integerColumn(row, "generation"),
    };
  }
  return {
    ...base,
    state,
    failedStep: choiceColumn(FAILED_STEPS)(row, "failed_step"),
    ...optionalField(row, "failure_class", textColumn, (failureClass) => ({ failureClass })),
    reason: textColumn(row, "reason"),
    ...optionalField(row, "toplevel", textColumn, (toplevel) => ({ toplevel })),
  };
}
