import type { ClosureSet } from "./closure-set.ts";

/** Which bytes the generations that are left root, kept up to date as they are dropped. */
export interface RootLedger {
  /** NAR bytes of the unique paths of what is left. */
  readonly rootedBytes: () => number;
  /** NAR bytes that this generation alone roots among what is left. */
  readonly exclusiveBytes: (index: number) => number;
  /** Takes a generation out; at most once each. */
  readonly drop: (index: number) => void;
}

/** Counts, for every path, the generations whose closure has it; the methods take their index. */
export function createRootLedger({ closures, narSizes }: ClosureSet): RootLedger {
  const owners = new Uint32Array(narSizes.length);
  // The XOR of a path's owners: where one owner is left, it is that owner.
  const ownersXor = new Uint32Array(narSizes.length);
  const exclusive = new Float64Array(closures.length);
  let rooted = 0;

  const toggleOwner = (path: number, index: number, change: 1 | -1): void => {
    owners[path] = (owners[path] ?? 0) + change;
    ownersXor[path] = (ownersXor[path] ?? 0) ^ index;
  };
  const creditLastOwner = (path: number): void => {
    const owner = ownersXor[path] ?? 0;
    exclusive[owner] = (exclusive[owner] ?? 0) + (narSizes[path] ?? 0);
  };

  for (const [index, closure] of closures.entries()) {
    for (const path of closure) toggleOwner(path, index, 1);
  }
  for (const [path, count] of owners.entries()) {
    if (count > 0) rooted += narSizes[path] ?? 0;
    if (count === 1) creditLastOwner(path);
  }

  const drop = (index: number): void => {
    rooted -= exclusive[index] ?? 0;
    exclusive[index] = 0;
    for (const path of closures[index] ?? []) {
      toggleOwner(path, index, -1);
      if (owners[path] === 1) creditLastOwner(path);
    }
  };
  return { rootedBytes: () => rooted, exclusiveBytes: (index) => exclusive[index] ?? 0, drop };
}

/**
 * Counts what would go with each generation if only `staying` stayed.
 *
 * @returns for each generation the NAR bytes of its paths that none of `staying` has
 */
export function countReclaimableBytes(
  { closures, narSizes }: ClosureSet,
  staying: Iterable<number>,
): Float64Array {
  const covered = new Uint8Array(narSizes.length);
  for (const index of staying) {
    for (const path of closures[index] ?? []) covered[path] = 1;
  }
  const reclaimable = new Float64Array(closures.length);
  for (const [index, closure] of closures.entries()) {
    let bytes = 0;
    for (const path of closure) if (covered[path] === 0) bytes += narSizes[path] ?? 0;
    reclaimable[index] = bytes;
  }
  return reclaimable;
}
