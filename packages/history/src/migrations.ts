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
];
