import { ClosureDiffError } from "./closure-diff-error.ts";
import type { ClosurePath, SystemClosure } from "./system-closure.ts";

/** The paths that a toplevel needs, itself included; its closure in the strict sense. */
export type WalkedClosure = ReadonlyMap<string, ClosurePath>;

/**
 * Collects the closure of a toplevel from path info that may hold more.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_MISSING_PATH when the info of a path is not there
 */
export function walkClosure({ toplevel, paths }: SystemClosure): WalkedClosure {
  const found = new Map<string, ClosurePath>();
  const pending = [toplevel];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    const info = paths.get(path);
    if (info === undefined) {
      throw new ClosureDiffError(
        "ERR_CLOSURE_DIFF_MISSING_PATH",
        `expected the closure of ${toplevel} to be whole, found no info of ${path}`,
        { path },
      );
    }
    found.set(path, info);
    for (const reference of info.references) pending.push(reference);
  }
  return found;
}

/**
 * Adds up the NAR bytes of paths.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_TOO_LARGE when a number cannot hold them
 * @throws {RangeError} when a size is no whole number
 */
export function addNarSizes(infos: Iterable<ClosurePath>): number {
  let sum = 0;
  for (const { narSize } of infos) {
    if (!Number.isSafeInteger(narSize) || narSize < 0) {
      throw new RangeError(`expected narSize to be a whole number from 0, got ${narSize}`);
    }
    sum += narSize;
  }
  if (!Number.isSafeInteger(sum)) {
    throw new ClosureDiffError(
      "ERR_CLOSURE_DIFF_TOO_LARGE",
      `expected NAR sizes that add up exactly, got ${sum}`,
    );
  }
  return sum;
}
