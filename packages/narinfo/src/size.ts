import { NarInfoError } from "./errors.ts";
import { excerpt } from "./text.ts";

/**
 * Reads a number of bytes as Nix does: decimal, leading zeros and one plus sign allowed.
 *
 * @throws {NarInfoError} ERR_NARINFO_SIZE, also above 2^53 - 1, which a number cannot hold exactly
 */
export function parseSize(text: string): number {
  if (!/^\+?[0-9]+$/.test(text)) {
    throw new NarInfoError("ERR_NARINFO_SIZE", `expected a decimal number of bytes, got ${excerpt(text)}`);
  }
  const size = Number(text);
  assertSize(size);
  return size;
}

/** @throws {NarInfoError} ERR_NARINFO_SIZE unless the size is an integer from 0 to 2^53 - 1 */
export function assertSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 0) return;
  throw new NarInfoError("ERR_NARINFO_SIZE", `expected an integer from 0 to 2^53 - 1, got ${size}`);
}

/** @throws {NarInfoError} ERR_NARINFO_SIZE also for 0: the smallest NAR has 112 bytes, Nix reads 0 as unknown */
export function assertNarSize(size: number): void {
  assertSize(size);
  if (size === 0) throw new NarInfoError("ERR_NARINFO_SIZE", "expected the size of a NAR, got 0");
}
