import type { ClosureSet } from "./closure-set.ts";

/** NAR bytes that go with a generation. */
export interface OwnBytes {
  /** Of paths that no generation that is left has as well. */
  readonly exclusiveBytes: number;
  /** Those of them that no other root holds. */
  readonly freeableBytes: number;
}

/** Which bytes the generations that are left root, kept up to date as they are dropped. */
export interface RootLedger {
  /** NAR bytes of the unique paths of what is left. */
  readonly rootedBytes: () => number;
  /** What was freeable of the generations that were dropped. */
  readonly freedBytes: () => number;
  /** What this generation alone roots among what is left. */
  readonly ownBytes: (index: number) => OwnBytes;
  /** Takes a generation out; at most once each. */
  readonly drop: (index: number) => void;
}

/** Counts, for every path, the generations whose closure has it; the methods take their index. */
export function createRootLedger({ closures, narSizes, heldElsewhere }: ClosureSet): RootLedger {
  const owners = new Uint32Array(narSizes.length);
  // The XOR of a path's owners: where one owner is left, it is that owner.
  const ownersXor = new Uint32Array(narSizes.length);
  const exclusive = new Float64Array(closures.length);
  const freeable = new Float64Array(closures.length);
  let rooted = 0;
  let freed = 0;

  const toggleOwner = (path: number, index: number, change: 1 | -1): void => {
    owners[path] = (owners[path] ?? 0) + change;
    ownersXor[path] = (ownersXor[path] ?? 0) ^ index;
  };
  const creditLastOwner = (path: number): void => {
    const owner = ownersXor[path] ?? 0;
    const bytes = narSizes[path] ?? 0;
    exclusive[owner] = (exclusive[owner] ?? 0) + bytes;
    if (heldElsewhere[path] === 0) freeable[owner] = (freeable[owner] ?? 0) + bytes;
  };

  for (const [index, closure] of closures.entries()) {
    for (const path of closure) toggleOwner(path, index, 1);
  }
  for (const [path, count] of owners.entries()) {
    if (count > 0) rooted += narSizes[path] ?? 0;
    if (count === 1) creditLastOwner(path);
  }

  const ownBytes = (index: number): OwnBytes => ({
    exclusiveBytes: exclusive[index] ?? 0,
    freeableBytes: freeable[index] ?? 0,
  });
  const drop = (index: number): void => {
    rooted -= exclusive[index] ?? 0;
    freed += freeable[index] ?? 0;
    exclusive[index] = 0;
    freeable[index] = 0;
    for (const path of closures[index] ?? []) {
      toggleOwner(path, index, -1);
      if (owners[path] === 1) creditLastOwner(path);
    }
  };
  return { rootedBytes: () => rooted, freedBytes: () => freed, ownBytes, drop };
}

/**
 * Counts what would go with each generation if only `staying` stayed.
 *
 * @returns for each generation the bytes of its paths that none of `staying` has
 */
export function countReclaimableBytes(
  { closures, narSizes, heldElsewhere }: ClosureSet,
  staying: Iterable<number>,
): readonly OwnBytes[] {
  const covered = new Uint8Array(narSizes.length);
  for (const index of staying) {
    for (const path of closures[index] ?? []) covered[path] = 1;
  }
  return closures.map((closure) => {
    let exclusiveBytes = 0;
    let freeableBytes = 0;
    for (const path of closure) {
      if (covered[path] === 1) continue;
      exclusiveBytes += narSizes[path] ?? 0;
      if (heldElsewhere[path] === 0) freeableBytes += narSizes[path] ?? 0;
    }
    return { exclusiveBytes, freeableBytes };
  });
}
