import type { ByteCounts, ItemCounts } from "./build-snapshot.ts";

const ZERO: ItemCounts = { done: 0, expected: 0, running: 0, failed: 0 };

/** Sums what the activities of one type say of their progress. */
export interface ProgressTotal {
  progress(id: string, counts: ItemCounts): void;
  /** What an activity above those of this type expects them to come to. */
  expect(id: string, expected: number): void;
  /** An activity that stopped keeps what it did, and expects no more. */
  stop(id: string): void;
  items(): ItemCounts;
  bytes(): ByteCounts;
}

/**
 * Creates a sum that counts as Nix's own progress bar does, but for commands that realise more than once
 * (import from derivation): what the later ones expect comes on top of what the earlier ones did.
 *
 * @see https://github.com/NixOS/nix/blob/2.34.8/src/libmain/progress-bar.cc (renderActivity)
 */
export function createProgressTotal(): ProgressTotal {
  const open = new Map<string, ItemCounts>();
  const expectations = new Map<string, number>();
  let sum = ZERO;
  let foretold = 0;
  /** What was done before anything was foretold. */
  let before = 0;

  const progress = (id: string, counts: ItemCounts): void => {
    sum = exchange(sum, open.get(id) ?? ZERO, counts);
    open.set(id, counts);
  };
  const expect = (id: string, expected: number): void => {
    if (expectations.size === 0) before = sum.done;
    foretold += expected - (expectations.get(id) ?? 0);
    expectations.set(id, expected);
  };
  const items = (): ItemCounts => ({
    ...sum,
    expected: Math.max(sum.done, sum.expected, foretold === 0 ? 0 : before + foretold),
  });

  return {
    progress,
    expect,
    stop(id) {
      const last = open.get(id);
      if (last !== undefined) progress(id, { ...last, expected: last.done, running: 0 });
      open.delete(id);
      foretold -= expectations.get(id) ?? 0;
      expectations.delete(id);
    },
    items,
    bytes() {
      const { done, expected } = items();
      return { done, expected };
    },
  };
}

function exchange(sum: ItemCounts, old: ItemCounts, next: ItemCounts): ItemCounts {
  return {
    done: sum.done - old.done + next.done,
    expected: sum.expected - old.expected + next.expected,
    running: sum.running - old.running + next.running,
    failed: sum.failed - old.failed + next.failed,
  };
}
