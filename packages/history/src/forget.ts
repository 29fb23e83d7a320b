import type { DatabaseSync } from "node:sqlite";

import { toMs } from "./arguments.ts";
import { textColumn } from "./columns.ts";
import { ATTEMPTED_HOSTS_SQL } from "./host-history.ts";
import { execute, selectAll, transact } from "./statements.ts";

/** What was forgotten. */
export interface Forgotten {
  /** Ids of the runs, in the order in which they started. */
  readonly runs: readonly string[];
}

/**
 * The runs that may go: all but the latest, the last of each host, the last success of each host, and the last
 * that knows the configured hosts. What is asked of the present has the same answer without them.
 */
const FORGETTABLE_RUNS_SQL = `SELECT id FROM runs
  WHERE started_at < :before AND status <> 'RUNNING'
    AND sequence < (SELECT max(sequence) FROM runs)
    AND sequence IS NOT (SELECT max(sequence) FROM runs WHERE configured_hosts IS NOT NULL)
    AND id NOT IN (
      ${ATTEMPTED_HOSTS_SQL}
      SELECT run FROM attempted CROSS JOIN host_results ON host_results.id IN (
        (SELECT max(id) FROM host_results WHERE host = attempted.host),
        (SELECT max(id) FROM host_results WHERE host = attempted.host AND state <> 'failed')
      )
    )
  ORDER BY sequence`;

/** What goes with the runs, in an order that no reference forbids. */
const FORGET_SQL: readonly string[] = [
  `DELETE FROM generations WHERE deleted_at < :before
    AND NOT EXISTS (SELECT 1 FROM publications WHERE host = generations.host AND generation = number)
    AND NOT EXISTS (SELECT 1 FROM host_results WHERE host = generations.host AND generation = number)`,
  `DELETE FROM collections WHERE run IS NULL AND finished_at < :before
    AND id < (SELECT max(id) FROM collections)`,
  `DELETE FROM usages WHERE run IS NULL AND at < :before AND id < (SELECT max(id) FROM usages)`,
];

const FORGET_LOCKS_SQL = `DELETE FROM locks WHERE digest NOT IN (
    SELECT lock_digest FROM runs WHERE lock_digest IS NOT NULL
    UNION SELECT lock_digest FROM generations WHERE lock_digest IS NOT NULL
  )`;

/** Drops what is older than a date and no longer says anything of the present. */
export function forgetBefore(db: DatabaseSync, date: Date): Forgotten {
  const before = toMs(date, "date");
  return transact(db, () => {
    const runs = selectAll(db, FORGETTABLE_RUNS_SQL, { before }).map((row) => textColumn(row, "id"));
    // What belongs to a run goes with it, what outlives it loses its name: the schema says which.
    for (const id of runs) execute(db, "DELETE FROM runs WHERE id = :id", { id });
    for (const sql of FORGET_SQL) execute(db, sql, { before });
    execute(db, FORGET_LOCKS_SQL);
    return { runs };
  });
}
