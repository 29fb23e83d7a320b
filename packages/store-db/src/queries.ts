import type { DatabaseSync } from "node:sqlite";

import { StoreDbError } from "./errors.ts";
import { isMisfit } from "./failure.ts";
import type { PathInfoRow } from "./path-info.ts";

/** The questions asked of one open database; each is one statement, hence one consistent snapshot. */
export interface Queries {
  /** The row of a path. */
  readonly pathInfo: (path: string) => PathInfoRow | undefined;
  /** The first path that does not sort before `lowerBound`. */
  readonly pathFrom: (lowerBound: string) => string | undefined;
  /** The paths that are valid, and all that they refer to, sorted by bytes. */
  readonly closure: (paths: readonly string[]) => string[];
}

const PATH_INFO = `
  select path, hash, registrationTime, deriver, narSize, ultimate, sigs, ca,
    (select group_concat(target.path, char(10) order by target.path)
       from Refs join ValidPaths target on target.id = Refs.reference
       where Refs.referrer = ValidPaths.id) as refs
  from ValidPaths where path = ?`;

const PATH_FROM = "select path from ValidPaths where path >= ? order by path limit 1";

const CLOSURE = `
  with recursive member(id) as (
    select id from ValidPaths where path in (select value from json_each(?))
    union
    select Refs.reference from Refs join member on Refs.referrer = member.id)
  select path from member join ValidPaths using (id) order by path`;

/**
 * Prepares every query.
 * @throws {StoreDbError} ERR_STORE_DB_FORMAT or ERR_STORE_DB_SCHEMA when the tables are not those of Nix
 */
export function prepareQueries(database: DatabaseSync): Queries {
  try {
    return prepareAll(database);
  } catch (error) {
    if (!isMisfit(error)) throw error;
    throw describeMisfit(database, error);
  }
}

function prepareAll(database: DatabaseSync): Queries {
  const pathInfo = database.prepare(PATH_INFO);
  pathInfo.setReadBigInts(true);
  const pathFrom = database.prepare(PATH_FROM);
  const closure = database.prepare(CLOSURE);
  return {
    pathInfo: (path) => pathInfo.get(path),
    pathFrom: (lowerBound) => pathFrom.get(lowerBound)?.["path"]?.toString(),
    closure: (paths) => closure.all(JSON.stringify(paths)).map((row) => String(row["path"])),
  };
}

function describeMisfit(database: DatabaseSync, cause: unknown): StoreDbError {
  const file = database.location() ?? "the database";
  const table = database.prepare("select 1 from sqlite_master where name = 'ValidPaths'").get();
  if (table === undefined) {
    const message = `${file} has no table ValidPaths, so it is not a Nix database; check stateDir`;
    return new StoreDbError("ERR_STORE_DB_FORMAT", message, { file, cause });
  }
  const message = `${file} does not have the tables of schema 10; upgrade Nix, or this package`;
  return new StoreDbError("ERR_STORE_DB_SCHEMA", message, { file, cause });
}
