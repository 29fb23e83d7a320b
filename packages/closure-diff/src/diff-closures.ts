import type { ClosureDiff, ClosureTotals } from "./closure-diff.ts";
import { diffPackages } from "./diff-packages.ts";
import { diffSystem } from "./diff-system.ts";
import type { SystemClosure } from "./system-closure.ts";
import { addNarSizes, walkClosure, type WalkedClosure } from "./walk-closure.ts";

/**
 * Says what changes from one closure to another. The order of the input does not matter.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_MISSING_PATH when either closure is not whole,
 *   ERR_CLOSURE_DIFF_TOO_LARGE when their sizes add up to more than a number holds exactly
 * @example
 * const diff = diffClosures({ toplevel: before, paths }, { toplevel: after, paths });
 */
export function diffClosures(before: SystemClosure, after: SystemClosure): ClosureDiff {
  const pathsBefore = walkClosure(before);
  const pathsAfter = walkClosure(after);
  const totalsBefore = addUp(before.toplevel, pathsBefore);
  const totalsAfter = addUp(after.toplevel, pathsAfter);
  return {
    formatVersion: 1,
    before: totalsBefore,
    after: totalsAfter,
    sizeDelta: totalsAfter.closureSize - totalsBefore.closureSize,
    ...diffPackages(pathsBefore, pathsAfter),
    ...diffSystem(before.facts, after.facts),
  };
}

function addUp(toplevel: string, paths: WalkedClosure): ClosureTotals {
  return { toplevel, closureSize: addNarSizes(paths.values()), pathCount: paths.size };
}
