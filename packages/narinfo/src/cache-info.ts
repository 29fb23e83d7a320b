import { NarInfoError } from "./errors.ts";
import { checkedStoreDir } from "./store-path.ts";
import { assertString, excerpt } from "./text.ts";

/** Nix keeps the priority in an int. */
const MAX_PRIORITY = 2 ** 31 - 1;

/** What a cache says of itself at `/nix-cache-info`. */
export interface CacheInfo {
  /** The store directory of all its paths. */
  readonly storeDir?: string;
  /** Whether clients may ask for many paths at once, as `nix-env -qas` does. */
  readonly wantMassQuery: boolean;
  /** Lower is preferred. Nix takes 0, the most preferred, where there is none. cache.nixos.org has 40. */
  readonly priority?: number;
}

/**
 * Reads nix-cache-info: unknown keys and lines without a colon are skipped, values are trimmed, and of a key that
 * stands twice the last one counts.
 *
 * @throws {NarInfoError} ERR_NARINFO_CACHE_INFO when the priority is not an int
 * @see BinaryCacheStore::init in Nix's src/libstore/binary-cache-store.cc
 */
export function parseCacheInfo(text: string): CacheInfo {
  assertString(text, "text");
  const info: { storeDir?: string; wantMassQuery: boolean; priority?: number } = { wantMassQuery: false };
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).trim();
    switch (line.slice(0, Math.max(colon, 0))) {
      case "StoreDir":
        info.storeDir = value;
        break;
      case "WantMassQuery":
        info.wantMassQuery = value === "1";
        break;
      case "Priority":
        info.priority = parsePriority(value);
        break;
      default: // Nix skips keys it does not know.
    }
  }
  return info;
}

/**
 * Writes nix-cache-info.
 *
 * @throws {RangeError} when the store directory is not an absolute path without a trailing slash, or the priority
 *   not an int
 * @example
 * formatCacheInfo({ storeDir: "/nix/store", wantMassQuery: true, priority: 40 });
 * // "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n"
 */
export function formatCacheInfo({ storeDir, wantMassQuery, priority }: CacheInfo): string {
  let text = "";
  if (storeDir !== undefined) text += `StoreDir: ${checkedStoreDir({ storeDir })}\n`;
  text += `WantMassQuery: ${wantMassQuery ? 1 : 0}\n`;
  if (priority !== undefined) text += `Priority: ${checkedPriority(priority)}\n`;
  return text;
}

/** Reads as std::stoi does: an integer at the start, whatever follows it. */
function parsePriority(value: string): number {
  const digits = /^[+-]?[0-9]+/.exec(value)?.[0] ?? "";
  if (digits === "" || !isInt(Number(digits))) {
    const message = `expected Priority to be an int, got ${excerpt(value)}`;
    throw new NarInfoError("ERR_NARINFO_CACHE_INFO", message, { field: "Priority" });
  }
  return Number(digits);
}

function checkedPriority(priority: number): number {
  if (!isInt(priority)) throw new RangeError(`expected priority to be an int of 32 bits, got ${priority}`);
  return priority;
}

function isInt(value: number): boolean {
  return Number.isInteger(value) && value <= MAX_PRIORITY && value >= -MAX_PRIORITY - 1;
}
