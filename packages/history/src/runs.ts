import type { DatabaseSync } from "node:sqlite";

import { toCount, toMs } from "./arguments.ts";
import { choiceColumn, dateColumn, optionalField, type Row, textColumn, textsColumn } from "./columns.ts";
import { findFreeName, formatCompactTime } from "./compact-time.ts";
import { HistoryError } from "./history-error.ts";
import { execute, selectAll, selectFirst, transact } from "./statements.ts";

/** How a run stands or ended. */
export type RunStatus = "RUNNING" | "SUCCESS" | "PARTIAL" | "FAILED" | "KILLED";

/** What is known of a run when it starts. */
export interface NewRun {
  readonly startedAt: Date;
  readonly branch: string;
  /** Where the flake comes from, without credentials: all readers see it. */
  readonly flakeUrl: string;
}

/** What the sync step of a run achieved. */
export interface SyncOutcome {
  readonly syncState: "synced" | "previous-checkout" | "none";
  /** Commit that the run builds. */
  readonly revision?: string;
}

/** What the update step of a run achieved. */
export interface UpdateOutcome {
  readonly updateState: "updated" | "failed" | "disabled";
  /** Digest of the flake.lock that the run builds with. */
  readonly lockDigest?: string;
}

/** How a run ended. */
export interface FinishedRun {
  readonly status: "SUCCESS" | "PARTIAL" | "FAILED";
  readonly finishedAt: Date;
  /** Why it is not a success, for a person to read. */
  readonly reason?: string;
}

/** A run of the builder. */
export interface Run extends NewRun, Partial<SyncOutcome>, Partial<UpdateOutcome> {
  /** Start time in UTC, as `20261122T020000Z`; fit for a file name. */
  readonly id: string;
  readonly status: RunStatus;
  /** Absent while it runs, and where it was killed: nobody saw the end. */
  readonly finishedAt?: Date;
  readonly reason?: string;
  /** Every host that the configuration named in that run. */
  readonly configuredHosts?: readonly string[];
}

const RUN_STATUSES: readonly RunStatus[] = ["RUNNING", "SUCCESS", "PARTIAL", "FAILED", "KILLED"];
const SYNC_STATES: readonly SyncOutcome["syncState"][] = ["synced", "previous-checkout", "none"];
const UPDATE_STATES: readonly UpdateOutcome["updateState"][] = ["updated", "failed", "disabled"];

/** Records the start of a run; returns its id. */
export function insertRun(db: DatabaseSync, { startedAt, branch, flakeUrl }: NewRun): string {
  const startedAtMs = toMs(startedAt, "startedAt");
  return transact(db, () => {
    const id = findFreeName(formatCompactTime(startedAt), (name) => selectRun(db, name) !== undefined);
    const sql = `INSERT INTO runs (id, started_at, status, branch, flake_url)
      VALUES (:id, :startedAtMs, 'RUNNING', :branch, :flakeUrl)`;
    execute(db, sql, { id, startedAtMs, branch, flakeUrl });
    return id;
  });
}

/** Records what the sync step achieved. */
export function updateSync(db: DatabaseSync, id: string, { syncState, revision }: SyncOutcome): void {
  const sql = `UPDATE runs SET sync_state = :syncState, revision = :revision
    WHERE id = :id AND status = 'RUNNING'`;
  requireChange(db, id, execute(db, sql, { id, syncState, revision: revision ?? null }));
}

/** Records what the update step achieved. */
export function updateInputs(db: DatabaseSync, id: string, { updateState, lockDigest }: UpdateOutcome): void {
  const sql = `UPDATE runs SET update_state = :updateState, lock_digest = :lockDigest
    WHERE id = :id AND status = 'RUNNING'`;
  requireChange(db, id, execute(db, sql, { id, updateState, lockDigest: lockDigest ?? null }));
}

/** Records the hosts that the configuration names. */
export function updateConfiguredHosts(db: DatabaseSync, id: string, hosts: readonly string[]): void {
  const sql = "UPDATE runs SET configured_hosts = :hosts WHERE id = :id AND status = 'RUNNING'";
  requireChange(db, id, execute(db, sql, { id, hosts: JSON.stringify(hosts) }));
}

/** Records the end of a run. */
export function finishRun(db: DatabaseSync, id: string, { status, finishedAt, reason }: FinishedRun): void {
  const finishedAtMs = toMs(finishedAt, "finishedAt");
  const sql = `UPDATE runs SET status = :status, finished_at = :finishedAtMs, reason = :reason
    WHERE id = :id AND status = 'RUNNING'`;
  requireChange(db, id, execute(db, sql, { id, status, finishedAtMs, reason: reason ?? null }));
}

/** Marks every run that never ended as killed; returns them. */
export function markKilledRuns(db: DatabaseSync, reason: string): Run[] {
  const sql = `UPDATE runs SET status = 'KILLED', reason = :reason WHERE status = 'RUNNING' RETURNING *`;
  return transact(db, () => selectAll(db, sql, { reason }).map(toRun));
}

/** Reads one run. */
export function selectRun(db: DatabaseSync, id: string): Run | undefined {
  const row = selectFirst(db, "SELECT * FROM runs WHERE id = :id", { id });
  return row && toRun(row);
}

/** Reads the latest runs, the newest first. */
export function selectRuns(db: DatabaseSync, limit: number): Run[] {
  const sql = "SELECT * FROM runs ORDER BY sequence DESC LIMIT :limit";
  return selectAll(db, sql, { limit: toCount(limit, "limit") }).map(toRun);
}

/** Reads the hosts that the newest run knows that recorded any; undefined where none did. */
export function selectLatestConfiguredHosts(db: DatabaseSync): readonly string[] | undefined {
  const sql = `SELECT configured_hosts FROM runs WHERE configured_hosts IS NOT NULL
    ORDER BY sequence DESC LIMIT 1`;
  const row = selectFirst(db, sql);
  return row && textsColumn(row, "configured_hosts");
}

function requireChange(db: DatabaseSync, id: string, changes: number): void {
  if (changes > 0) return;
  const run = selectRun(db, id);
  if (run === undefined) throw new HistoryError("ERR_HISTORY_UNKNOWN", `expected a recorded run, got ${id}`);
  throw new HistoryError("ERR_HISTORY_CONFLICT", `expected run ${id} to be RUNNING, got ${run.status}`);
}

function toRun(row: Row): Run {
  return {
    id: textColumn(row, "id"),
    startedAt: dateColumn(row, "started_at"),
    ...optionalField(row, "finished_at", dateColumn, (finishedAt) => ({ finishedAt })),
    status: choiceColumn(RUN_STATUSES)(row, "status"),
    branch: textColumn(row, "branch"),
    flakeUrl: textColumn(row, "flake_url"),
    ...optionalField(row, "revision", textColumn, (revision) => ({ revision })),
    ...optionalField(row, "lock_digest", textColumn, (lockDigest) => ({ lockDigest })),
    ...optionalField(row, "sync_state", choiceColumn(SYNC_STATES), (syncState) => ({ syncState })),
    ...optionalField(row, "update_state", choiceColumn(UPDATE_STATES), (updateState) => ({ updateState })),
    ...optionalField(row, "reason", textColumn, (reason) => ({ reason })),
    ...optionalField(row, "configured_hosts", textsColumn, (configuredHosts) => ({ configuredHosts })),
  };
}
