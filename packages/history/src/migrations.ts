/**
 * The steps from an empty database to the current schema; step N leads to user_version N + 1.
 * A step that was released never changes: a change of the schema is a further step.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    status TEXT NOT NULL CHECK (status IN ('RUNNING', 'SUCCESS', 'PARTIAL', 'FAILED', 'KILLED')),
    branch TEXT NOT NULL,
    flake_url TEXT NOT NULL,
    revision TEXT,
    lock_digest TEXT,
    sync_state TEXT CHECK (sync_state IN ('synced', 'previous-checkout', 'none')),
    update_state TEXT CHECK (update_state IN ('updated', 'failed', 'disabled')),
    reason TEXT
  ) STRICT;

  CREATE TABLE steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    host TEXT,
    name TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('succeeded', 'failed', 'skipped'))
  ) STRICT;
  CREATE INDEX steps_by_run ON steps (run);

  CREATE TABLE generation_counters (
    host TEXT PRIMARY KEY,
    last_number INTEGER NOT NULL CHECK (last_number > 0)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE generations (
    host TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    toplevel TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_verified_at INTEGER NOT NULL,
    last_publication INTEGER NOT NULL DEFAULT 0,
    run TEXT REFERENCES runs (id) ON DELETE SET NULL,
    nar_size INTEGER CHECK (nar_size >= 0),
    closure_size INTEGER CHECK (closure_size >= 0),
    condemned_at INTEGER,
    deleted_at INTEGER CHECK (deleted_at IS NULL OR condemned_at IS NOT NULL),
    pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    PRIMARY KEY (host, number)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX live_toplevels ON generations (host, toplevel) WHERE condemned_at IS NULL;
  CREATE INDEX live_generations_by_age ON generations (host, last_publication, number) WHERE condemned_at IS NULL;
  CREATE INDEX generations_by_run ON generations (run);

  CREATE TABLE publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    generation INTEGER NOT NULL,
    at INTEGER NOT NULL,
    FOREIGN KEY (host, generation) REFERENCES generations (host, number)
  ) STRICT;
  CREATE INDEX publications_by_run ON publications (run);

  CREATE TABLE host_results (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'unchanged', 'failed')),
    failed_step TEXT CHECK (failed_step IN ('evaluate', 'build', 'sign', 'publish')),
    failure_class TEXT,
    reason TEXT,
    drv_path TEXT,
    toplevel TEXT,
    generation INTEGER,
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    UNIQUE (run, host),
    CHECK ((state = 'failed') = (failed_step IS NOT NULL)),
    CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CHECK (state = 'failed' OR (toplevel IS NOT NULL AND generation IS NOT NULL)),
    FOREIGN KEY (host, generation) REFERENCES generations (host, number)
  ) STRICT;
  CREATE INDEX host_results_by_host ON host_results (host, id);
  `,
  `
  ALTER TABLE runs ADD COLUMN configured_hosts TEXT;
  CREATE INDEX runs_with_hosts ON runs (sequence) WHERE configured_hosts IS NOT NULL;

  ALTER TABLE generations ADD COLUMN revision TEXT;
  ALTER TABLE generations ADD COLUMN lock_digest TEXT;
  ALTER TABLE generations ADD COLUMN linked_at INTEGER;
  ALTER TABLE generations ADD COLUMN lost_at INTEGER;
  ALTER TABLE generations ADD COLUMN condemned_reason TEXT
    CHECK (condemned_reason IS NULL OR condemned_at IS NOT NULL);
  ALTER TABLE generations ADD COLUMN planned_bytes INTEGER
    CHECK (planned_bytes IS NULL OR (planned_bytes >= 0 AND condemned_at IS NOT NULL));
  UPDATE generations SET (revision, lock_digest) = (
    SELECT runs.revision, runs.lock_digest FROM runs WHERE runs.id = coalesce(
      (SELECT run FROM publications WHERE publications.id = generations.last_publication), generations.run)
  );
  CREATE INDEX condemned_generations ON generations (condemned_at, host, number)
    WHERE condemned_at IS NOT NULL AND deleted_at IS NULL;
  CREATE INDEX publications_by_generation ON publications (host, generation);
  CREATE INDEX host_results_by_generation ON host_results (host, generation);
  CREATE INDEX host_successes ON host_results (host, id) WHERE state <> 'failed';

  CREATE TABLE locks (
    digest TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE lock_inputs (
    digest TEXT NOT NULL REFERENCES locks (digest) ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    url TEXT NOT NULL,
    rev TEXT,
    last_modified INTEGER,
    nar_hash TEXT,
    PRIMARY KEY (digest, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE closure_diffs (
    host TEXT NOT NULL,
    number INTEGER NOT NULL,
    previous INTEGER NOT NULL CHECK (previous > 0),
    diff BLOB NOT NULL,
    PRIMARY KEY (host, number),
    FOREIGN KEY (host, number) REFERENCES generations (host, number) ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT REFERENCES runs (id) ON DELETE SET NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('targeted', 'full')),
    planned_bytes INTEGER NOT NULL CHECK (planned_bytes >= 0),
    freed_bytes INTEGER CHECK (freed_bytes >= 0),
    deleted_paths INTEGER CHECK (deleted_paths >= 0),
    free_bytes_before INTEGER NOT NULL CHECK (free_bytes_before >= 0),
    free_bytes_after INTEGER NOT NULL CHECK (free_bytes_after >= 0),
    reason TEXT
  ) STRICT;
  CREATE INDEX collections_by_run ON collections (run);

  CREATE TABLE usages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT REFERENCES runs (id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    rooted_bytes INTEGER NOT NULL CHECK (rooted_bytes >= 0),
    rooted_paths INTEGER NOT NULL CHECK (rooted_paths >= 0),
    free_bytes INTEGER NOT NULL CHECK (free_bytes >= 0),
    over_cap INTEGER NOT NULL CHECK (over_cap IN (0, 1)),
    under_min_free INTEGER NOT NULL CHECK (under_min_free IN (0, 1))
  ) STRICT;
  CREATE INDEX usages_by_run ON usages (run);
  `,
];
