import { DatabaseSync } from "node:sqlite";

import { encodeJson } from "../src/compressed-json.ts";
import { openHistory } from "../src/index.ts";
import { NOW } from "./records.ts";

/** The hosts of a long history, by name; the last always fails. */
export const LONG_HISTORY_HOSTS = ["kz", "mz", "nz", "zz"] as const;

/** How many generations of each host that does not fail are live. */
const LIVE_GENERATIONS = 3;

const NIGHTS = "WITH RECURSIVE nights (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM nights WHERE n < :runs)";
const HOSTS = `hosts (host) AS (VALUES ${LONG_HISTORY_HOSTS.map((host) => `('${host}')`).join()})`;
const SUCCESSES = `(SELECT n, host FROM nights CROSS JOIN hosts WHERE host <> 'zz')`;

/** Each makes the rows of one table, as the builder records them night after night. */
const INSERTS: readonly string[] = [
  `INSERT INTO runs (id, started_at, finished_at, status, branch, flake_url, lock_digest, configured_hosts)
    ${NIGHTS} SELECT 'run-' || n, n, n, 'PARTIAL', 'main', 'ssh://git@example.org/flake', 'lock-' || n,
      CASE WHEN n = 1 THEN '["nz"]' END FROM nights`,
  `INSERT INTO steps (run, host, name, started_at, duration_ms, outcome)
    ${NIGHTS}, ${HOSTS}, names (name) AS (VALUES ('evaluate'), ('build'), ('sign'), ('publish'))
    SELECT 'run-' || n, host, name, n, 1, 'succeeded' FROM nights CROSS JOIN hosts CROSS JOIN names`,
  `INSERT INTO generation_counters (host, last_number) WITH ${HOSTS} SELECT host, :runs FROM hosts`,
  `INSERT INTO generations
    (host, number, toplevel, created_at, last_verified_at, last_publication, run, condemned_at, deleted_at)
    ${NIGHTS}, ${HOSTS} SELECT host, n, host || n, n, n, n, 'run-' || n,
      CASE WHEN n <= :runs - ${LIVE_GENERATIONS} THEN n END, CASE WHEN n <= :runs - ${LIVE_GENERATIONS} THEN n END
    FROM ${SUCCESSES}`,
  `INSERT INTO publications (run, host, generation, at) ${NIGHTS}, ${HOSTS}
    SELECT 'run-' || n, host, n, n FROM ${SUCCESSES}`,
  `INSERT INTO host_results (run, host, state, failed_step, reason, toplevel, generation, duration_ms)
    ${NIGHTS}, ${HOSTS} SELECT 'run-' || n, host, CASE host WHEN 'zz' THEN 'failed' ELSE 'published' END,
      CASE host WHEN 'zz' THEN 'build' END, CASE host WHEN 'zz' THEN 'exit code 1' END, host || n,
      CASE WHEN host <> 'zz' THEN n END, 1 FROM nights CROSS JOIN hosts`,
  `INSERT INTO closure_diffs (host, number, previous, diff) ${NIGHTS}, ${HOSTS}
    SELECT host, n, n - 1, :diff FROM ${SUCCESSES} WHERE n > 1`,
  `INSERT INTO locks (digest) ${NIGHTS} SELECT 'lock-' || n FROM nights`,
  `INSERT INTO lock_inputs (digest, name, type, url) ${NIGHTS}
    SELECT 'lock-' || n, 'nixpkgs', 'github', 'https://github.com/NixOS/nixpkgs' FROM nights`,
  `INSERT INTO collections (run, started_at, finished_at, mode, planned_bytes, free_bytes_before, free_bytes_after)
    ${NIGHTS} SELECT 'run-' || n, n, n, 'targeted', 1, 1, 1 FROM nights`,
  `INSERT INTO usages (run, at, rooted_bytes, rooted_paths, free_bytes, over_cap, under_min_free)
    ${NIGHTS} SELECT 'run-' || n, n, 1, 1, 1, 0, 0 FROM nights`,
];

/** Creates a history of many nights, by statements on whole tables: through the API it would take minutes. */
export function createLongHistory(file: string, runs: number): void {
  openHistory(file, { now: NOW }).close();
  using db = new DatabaseSync(file);
  db.exec("BEGIN");
  const parameters = { runs, diff: encodeJson({ packages: [] }, "diff") };
  for (const sql of INSERTS) {
    const statement = db.prepare(sql);
    statement.setAllowUnknownNamedParameters(true);
    statement.run(parameters);
  }
  db.exec("COMMIT");
}
