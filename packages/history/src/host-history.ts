import type { DatabaseSync } from "node:sqlite";

import { toCount } from "./arguments.ts";
import { dateColumn, type Row, textColumn } from "./columns.ts";
import { type HostResult, type PublishedHost, toHostResult } from "./host-results.ts";
import { selectAll, selectFirst } from "./statements.ts";

/** What a run made of a host, and when that run started. */
export type HostAttempt = HostResult & { readonly startedAt: Date };

/** A publication of a host, and when its run started. */
export type HostSuccess = PublishedHost & { readonly startedAt: Date };

/**
 * Every host that has a result, one index search for each: `GROUP BY host` would visit every result.
 *
 * @see https://sqlite.org/lang_with.html#recursive_common_table_expressions
 */
export const ATTEMPTED_HOSTS_SQL = `WITH RECURSIVE attempted (host) AS (
    SELECT min(host) FROM host_results
    UNION ALL
    SELECT (SELECT min(host) FROM host_results WHERE host > attempted.host) FROM attempted WHERE host IS NOT NULL
  )`;

/** Reads the latest result of each host, by host name. */
export function selectLastResults(db: DatabaseSync): HostAttempt[] {
  const sql = `${ATTEMPTED_HOSTS_SQL} SELECT host_results.*, runs.started_at
    FROM attempted CROSS JOIN host_results ON host_results.id =
      (SELECT max(id) FROM host_results WHERE host = attempted.host)
    JOIN runs ON runs.id = host_results.run ORDER BY host_results.host`;
  return selectAll(db, sql).map(toHostAttempt);
}

/** Reads when the last run with a result for each host started. */
export function selectLastAttempts(db: DatabaseSync): Map<string, Date> {
  return new Map(selectLastResults(db).map(({ host, startedAt }) => [host, startedAt]));
}

/** Reads the latest results of a host, the newest first. */
export function selectHostHistory(db: DatabaseSync, host: string, limit: number): HostAttempt[] {
  const sql = `SELECT host_results.*, runs.started_at FROM host_results JOIN runs ON runs.id = host_results.run
    WHERE host = :host ORDER BY host_results.id DESC LIMIT :limit`;
  return selectAll(db, sql, { host, limit: toCount(limit, "limit") }).map(toHostAttempt);
}

/** Reads the latest result of a host that is a success. */
export function selectLastSuccess(db: DatabaseSync, host: string): HostSuccess | undefined {
  const sql = `SELECT host_results.*, runs.started_at FROM host_results JOIN runs ON runs.id = host_results.run
    WHERE host = :host AND state <> 'failed' ORDER BY host_results.id DESC LIMIT 1`;
  const row = selectFirst(db, sql, { host });
  const attempt = row && toHostAttempt(row);
  return attempt?.state === "failed" ? undefined : attempt;
}

/** Reads the names of the hosts that have a result or a generation that is not condemned. */
export function selectHosts(db: DatabaseSync): string[] {
  const sql = `${ATTEMPTED_HOSTS_SQL} SELECT host FROM attempted WHERE host IS NOT NULL
    UNION SELECT host FROM generations WHERE condemned_at IS NULL
    ORDER BY host`;
  return selectAll(db, sql).map((row) => textColumn(row, "host"));
}

function toHostAttempt(row: Row): HostAttempt {
  return { ...toHostResult(row), startedAt: dateColumn(row, "started_at") };
}
