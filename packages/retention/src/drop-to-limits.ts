import type { Draft } from "./draft.ts";
import { countReclaimableBytes } from "./root-ledger.ts";
import type { SizeLimits } from "./size-limits.ts";

/**
 * Drops candidates until no limit is exceeded or no candidate would free a byte.
 *
 * @param candidates - indexes of the generations that may go, from the oldest to the newest
 */
export function dropToLimits(draft: Draft, candidates: readonly number[], limits: SizeLimits): void {
  const left = new Set(candidates);
  const selectVictim = createVictimSelection(draft, left);
  for (;;) {
    const reason = limits.findExceeded(draft.ledger.rootedBytes());
    const victim = reason && selectVictim();
    if (reason === undefined || victim === undefined) return;
    draft.drop(victim, reason);
    left.delete(victim);
  }
}

/** Creates the choice of the next candidate to go: of the host that has most left, the oldest that frees something. */
function createVictimSelection(draft: Draft, left: ReadonlySet<number>): () => number | undefined {
  const staying = draft.generations.flatMap((generation, index) =>
    left.has(index) || draft.drops.has(generation) ? [] : [index],
  );
  let reclaimable: Float64Array | undefined;

  const selectFrom = (freedBytes: (index: number) => number): number | undefined => {
    let victim: number | undefined;
    let most = 0;
    for (const index of left) {
      const host = draft.generations[index]?.host ?? "";
      const generationsLeft = draft.generationsLeft.get(host) ?? 0;
      if (generationsLeft > most && freedBytes(index) > 0) {
        victim = index;
        most = generationsLeft;
      }
    }
    return victim;
  };
  return () => {
    const victim = selectFrom(draft.ledger.exclusiveBytes);
    if (victim !== undefined) return victim;
    // Candidates that share paths only with each other have no exclusive bytes, but free some together.
    reclaimable ??= countReclaimableBytes(draft.closureSet, staying);
    return selectFrom((index) => reclaimable?.[index] ?? 0);
  };
}
