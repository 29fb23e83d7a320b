import type { DatabaseSync } from "node:sqlite";

/** Reads every row of every table of a database. */
export function readTables(db: DatabaseSync): unknown {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return tables.map(({ name }) => [name, db.prepare(`SELECT * FROM ${String(name)}`).all()]);
}

/** Reads the references that lead nowhere: none, in a database that is right. */
export function readBrokenReferences(db: DatabaseSync): unknown {
  return db.prepare("PRAGMA foreign_key_check").all();
}
