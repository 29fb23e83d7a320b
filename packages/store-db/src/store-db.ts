import { NIX32_DIGITS } from "./nar-hash.ts";
import { openReader } from "./open.ts";
import { pathInfoFromRow } from "./path-info.ts";
import type { PathInfo } from "./path-info.ts";
import { prepareQueries } from "./queries.ts";

/** Where the store and its database are. */
export interface StoreDbOptions {
  /** Logical store directory, absolute; default `/nix/store`. */
  readonly storeDir?: string;
  /** Nix's state directory, absolute; the database is `<stateDir>/db/db.sqlite`. Default `/nix/var/nix`. */
  readonly stateDir?: string;
}

/** An open store database. Every answer reflects what is committed at the moment of the question. */
export interface StoreDb extends Disposable {
  /**
   * Looks up a store path.
   * @returns its path info, or undefined when the path is not valid
   * @throws {StoreDbError} see the README's table
   */
  readonly pathInfo: (path: string) => PathInfo | undefined;
  /**
   * Finds the store path whose base name begins with a hash part.
   * @param hashPart 32 characters of nix32; anything else finds nothing
   * @throws {StoreDbError} see the README's table
   */
  readonly pathFromHashPart: (hashPart: string) => string | undefined;
  /**
   * Lists the closure of some store paths: the paths and everything they refer to, directly or not.
   * A path that is not valid is left out, so that a path collected meanwhile spoils no one's answer.
   * @returns full store paths, each once, sorted by bytes
   * @throws {StoreDbError} see the README's table
   */
  readonly closure: (paths: Iterable<string>) => string[];
  /** Closes the database; closing twice is fine. */
  readonly close: () => void;
}

/** A hash part is 160 bits: 32 digits (Nix: StorePath::HashLen). */
const HASH_PART = new RegExp(`^[${NIX32_DIGITS}]{32}$`);

/**
 * Opens the database of a Nix store for reading.
 * @returns a database to be closed, by hand or by `using`
 * @throws {StoreDbError} when the database is missing, cannot be read, or is not one of Nix's
 * @throws {TypeError} when a directory is not an absolute path
 * @example
 * using database = openStoreDb();
 * const path = database.pathFromHashPart("ddksnjhvzdq406m04hxmhcdv7yyrxfv3");
 * @see https://github.com/NixOS/nix/blob/master/src/libstore/schema.sql
 */
export function openStoreDb(options: StoreDbOptions = {}): StoreDb {
  const storeDir = toDirectory(options.storeDir ?? "/nix/store", "storeDir");
  const stateDir = toDirectory(options.stateDir ?? "/nix/var/nix", "stateDir");
  const reader = openReader(`${stateDir}/db/db.sqlite`, prepareQueries);
  return {
    pathInfo(path) {
      const row = reader.read((queries) => queries.pathInfo(path));
      return row && pathInfoFromRow(row);
    },
    pathFromHashPart(hashPart) {
      if (!HASH_PART.test(hashPart)) return undefined;
      const prefix = `${storeDir}/${hashPart}-`;
      const path = reader.read((queries) => queries.pathFrom(prefix));
      return path?.startsWith(prefix) ? path : undefined;
    },
    closure(paths) {
      const starts = Array.from(paths);
      return reader.read((queries) => queries.closure(starts));
    },
    close: reader.close,
    [Symbol.dispose]: reader.close,
  };
}

function toDirectory(value: unknown, name: string): string {
  if (typeof value !== "string" || !value.startsWith("/")) {
    throw new TypeError(`expected ${name} to be an absolute path, got ${describe(value)}`);
  }
  return value.replace(/\/+$/, "");
}

function describe(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : typeof value;
}
