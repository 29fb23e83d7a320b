import { type ClosureDiff, ClosureDiffError, parseClosureDiff } from "@nix-cache/closure-diff";
import type { Generation, HistoryReader } from "@nix-cache/history";

import { CommandError } from "../command-error.ts";
import { type DiffDeps, diffToplevels } from "../diff/diff-generations.ts";
import { EXIT } from "../exit-codes.ts";
import { formatLocalTime } from "../text/format-time.ts";
import type { GenerationPair } from "./choose-generations.ts";

/** Reads what a run recorded of two generations; undefined where it recorded nothing, or not of these two. */
export function readStoredDiff(
  history: HistoryReader,
  { before, after }: GenerationPair,
): ClosureDiff | undefined {
  const stored = history.closureDiff(after.host, after.number);
  if (stored?.previous !== before.number) return undefined;
  try {
    return parseClosureDiff(stored.diff);
  } catch (error) {
    // Another version of this program may have recorded it.
    if (!(error instanceof ClosureDiffError)) throw error;
    return undefined;
  }
}

/**
 * Compares what the store has of two generations.
 *
 * @throws {@link CommandError} 1 when either is gone
 */
export async function compareGenerations(
  deps: DiffDeps,
  { before, after }: GenerationPair,
): Promise<ClosureDiff> {
  for (const generation of [before, after]) requireKept(generation);
  try {
    return await diffToplevels(deps, before.toplevel, after.toplevel);
  } catch (cause) {
    if (!(cause instanceof ClosureDiffError)) throw cause;
    const gone = [before, after].find(({ toplevel }) => toplevel === cause.path);
    const what = gone === undefined ? "a part of them" : `generation ${gone.number}`;
    throw new CommandError(
      `cannot compare generations ${before.number} and ${after.number} of ${after.host}: ${what} is not in the store any more`,
      EXIT.failed,
      { cause },
    );
  }
}

function requireKept({ deletedAt, host, number }: Generation): void {
  if (deletedAt === undefined) return;
  throw new CommandError(
    `generation ${number} of ${host} is gone: its store paths were deleted on ${formatLocalTime(deletedAt)}`,
    EXIT.failed,
  );
}
