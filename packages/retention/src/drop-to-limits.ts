import type { Draft } from "./draft.ts";
import { countReclaimableBytes, type OwnBytes } from "./root-ledger.ts";
import type { ExceededLimit, SizeLimits } from "./size-limits.ts";

/**
 * Drops candidates until no limit is exceeded or no candidate would help against the one that is.
 *
 * @param candidates - indexes of the generations that may go, from the oldest to the newest
 */
export function dropToLimits(draft: Draft, candidates: readonly number[], limits: SizeLimits): void {
  const left = new Set(candidates);
  const selectVictim = createVictimSelection(draft, left);
  for (;;) {
    const limit = limits.findExceeded();
    const victim = limit && selectVictim(limit);
    if (limit === undefined || victim === undefined) return;
    draft.drop(victim, limit.reason);
    left.delete(victim);
  }
}

/** Creates the choice of the next candidate to go: of the host that has most left, the oldest that helps. */
function createVictimSelection(
  draft: Draft,
  left: ReadonlySet<number>,
): (limit: ExceededLimit) => number | undefined {
  const staying = draft.generations.flatMap((generation, index) =>
    left.has(index) || draft.drops.has(generation) ? [] : [index],
  );
  let reclaimable: readonly OwnBytes[] | undefined;

  const selectFrom = (helps: (index: number) => boolean): number | undefined => {
    let victim: number | undefined;
    let most = 0;
    for (const index of left) {
      const host = draft.generations[index]?.host ?? "";
      const generationsLeft = draft.generationsLeft.get(host) ?? 0;
      if (generationsLeft > most && helps(index)) {
        victim = index;
        most = generationsLeft;
      }
    }
    return victim;
  };
  return ({ helps }) => {
    const victim = selectFrom((index) => helps(draft.ledger.ownBytes(index)));
    if (victim !== undefined) return victim;
    // Candidates that share paths only with each other have no exclusive bytes, but free some together.
    const together = (reclaimable ??= countReclaimableBytes(draft.closureSet, staying));
    return selectFrom((index) => {
      const bytes = together[index];
      return bytes !== undefined && helps(bytes);
    });
  };
}
