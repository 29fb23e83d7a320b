import { DatabaseSync } from "node:sqlite";

import { createReader } from "../src/history-reader.ts";
import { createWriter } from "../src/history-writer.ts";
import type { History } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { MIGRATIONS } from "../src/migrations.ts";

/** A history that waits for no disk: for tests that record a thousand nights. */
export interface MemoryHistory extends History {
  readonly db: DatabaseSync;
}

/** Creates an empty history in memory; it goes with the scope that holds it. */
export function createMemoryHistory(): MemoryHistory {
  const db = new DatabaseSync(":memory:");
  migrate(db, MIGRATIONS);
  const close = (): void => db.close();
  return { db, ...createReader(db), ...createWriter(db), close, [Symbol.dispose]: close };
}
