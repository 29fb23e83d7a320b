import type { SQLOutputValue } from "node:sqlite";

import { StoreDbError } from "./errors.ts";
import { normalizeNarHash } from "./nar-hash.ts";

/** What the database says about one valid store path. */
export interface PathInfo {
  /** Full store path. */
  readonly path: string;
  /** SHA-256 of the NAR: `sha256:` and 64 lower-case hex digits. */
  readonly narHash: string;
  /** Size of the NAR in bytes; 0 when the database, written by an old Nix, does not know it. */
  readonly narSize: number;
  /** Full store paths, the path itself among them when it refers to itself; sorted by bytes. */
  readonly references: readonly string[];
  /** Full store path of the derivation that made it; left out when unknown. */
  readonly deriver?: string;
  /** `name:base64` as stored, in stored order; their form is not checked. */
  readonly signatures: readonly string[];
  /** Content address as stored, `fixed:r:sha256:…` for example; left out when there is none. */
  readonly ca?: string;
  /** When the path became valid: seconds since 1970-01-01 UTC. */
  readonly registrationTime: number;
  /** True when this store built the path itself. */
  readonly ultimate: boolean;
}

/**
 * A row of ValidPaths with its references, one a line. SQLite keeps any type in any column, so each value
 * is looked at before it is believed; integers come as bigint, because a NAR size may exceed 2^53.
 */
export type PathInfoRow = Readonly<Record<string, SQLOutputValue>>;

/**
 * Converts a row to a {@link PathInfo}.
 * @throws {StoreDbError} ERR_STORE_DB_CORRUPT when the hash is no SHA-256 or the size no size
 */
export function pathInfoFromRow(row: PathInfoRow): PathInfo {
  const path = text(row["path"]);
  const deriver = text(row["deriver"]);
  const ca = text(row["ca"]);
  return {
    path,
    narHash: narHash(path, row["hash"]),
    narSize: narSize(path, row["narSize"]),
    references: words(row["refs"], "\n"),
    ...(deriver === "" ? {} : { deriver }),
    signatures: words(row["sigs"], " "),
    ...(ca === "" ? {} : { ca }),
    registrationTime: Number(row["registrationTime"]),
    ultimate: row["ultimate"] === 1n,
  };
}

function narHash(path: string, value: SQLOutputValue | undefined): string {
  const normalized = normalizeNarHash(text(value));
  if (normalized === undefined) throw corruptRow(path, `expected a sha256 NAR hash, got '${String(value)}'`);
  return normalized;
}

function narSize(path: string, value: SQLOutputValue | undefined): number {
  const size = Number(value ?? 0);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw corruptRow(path, `expected a NAR size of 0 to 2^53-1 bytes, got '${String(value)}'`);
}

function words(value: SQLOutputValue | undefined, separator: string): string[] {
  return text(value)
    .split(separator)
    .filter((word) => word !== "");
}

/** NULL is how Nix writes "none" and '' how old versions of it did. */
function text(value: SQLOutputValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function corruptRow(path: string, problem: string): StoreDbError {
  const message = `${problem} for ${path}; delete the path with 'nix-store --delete', or restore the database`;
  return new StoreDbError("ERR_STORE_DB_CORRUPT", message, { path });
}
