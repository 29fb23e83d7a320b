import type { DatabaseSync } from "node:sqlite";

import { toMs } from "./arguments.ts";
import { dateColumn, optionalField, type Row, textColumn } from "./columns.ts";
import { execute, selectAll, selectFirst, transact } from "./statements.ts";

/** An input that a flake.lock pins. */
export interface LockInput {
  /** Path of inputs from the root: `nixpkgs`, `home-manager/nixpkgs`. */
  readonly name: string;
  /** Kind of reference in Nix's words: `github`, `git`, `path`, ... */
  readonly type: string;
  /** Where it comes from, without credentials: all readers see it. */
  readonly url: string;
  readonly rev?: string;
  readonly lastModified?: Date;
  readonly narHash?: string;
}

/** What a flake.lock pins. */
export interface Lock {
  readonly digest: string;
  readonly inputs: readonly LockInput[];
}

/** Records what a flake.lock pins; one that is known stays as it is. */
export function insertLock(db: DatabaseSync, { digest, inputs }: Lock): void {
  transact(db, () => {
    if (execute(db, "INSERT INTO locks (digest) VALUES (:digest) ON CONFLICT DO NOTHING", { digest }) === 0)
      return;
    const sql = `INSERT INTO lock_inputs (digest, name, type, url, rev, last_modified, nar_hash)
      VALUES (:digest, :name, :type, :url, :rev, :lastModified, :narHash)`;
    for (const { name, type, url, rev, lastModified, narHash } of inputs) {
      execute(db, sql, {
        digest,
        name,
        type,
        url,
        rev: rev ?? null,
        lastModified: lastModified === undefined ? null : toMs(lastModified, "lastModified"),
        narHash: narHash ?? null,
      });
    }
  });
}

/** Reads what a flake.lock pins, by name; undefined where that was not recorded. */
export function selectLockInputs(db: DatabaseSync, digest: string): LockInput[] | undefined {
  const lock = selectFirst(db, "SELECT 1 FROM locks WHERE digest = :digest", { digest });
  if (lock === undefined) return undefined;
  const sql = "SELECT * FROM lock_inputs WHERE digest = :digest ORDER BY name";
  return selectAll(db, sql, { digest }).map(toLockInput);
}

function toLockInput(row: Row): LockInput {
  return {
    name: textColumn(row, "name"),
    type: textColumn(row, "type"),
    url: textColumn(row, "url"),
    ...optionalField(row, "rev", textColumn, (rev) => ({ rev })),
    ...optionalField(row, "last_modified", dateColumn, (lastModified) => ({ lastModified })),
    ...optionalField(row, "nar_hash", textColumn, (narHash) => ({ narHash })),
  };
}
