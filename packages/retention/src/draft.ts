import type { ClosureSet } from "./closure-set.ts";
import type { RetentionGeneration } from "./generation.ts";
import type { DropDecision, DropReason } from "./plan.ts";
import { createRootLedger, type RootLedger } from "./root-ledger.ts";

/** A plan in the making: what has been dropped so far and what is left. */
export interface Draft {
  readonly generations: readonly RetentionGeneration[];
  readonly closureSet: ClosureSet;
  readonly ledger: Omit<RootLedger, "drop">;
  /** In the order in which they were dropped. */
  readonly drops: ReadonlyMap<RetentionGeneration, DropDecision>;
  /** How many generations each host has left. */
  readonly generationsLeft: ReadonlyMap<string, number>;
  /** Drops the generation at this index. */
  readonly drop: (index: number, reason: DropReason) => void;
}

/** Creates a draft that has dropped nothing. */
export function createDraft(generations: readonly RetentionGeneration[], closureSet: ClosureSet): Draft {
  const ledger = createRootLedger(closureSet);
  const drops = new Map<RetentionGeneration, DropDecision>();
  const generationsLeft = new Map<string, number>();
  for (const { host } of generations) generationsLeft.set(host, (generationsLeft.get(host) ?? 0) + 1);

  const drop = (index: number, reason: DropReason): void => {
    const generation = generations[index];
    if (generation === undefined) throw new RangeError(`expected the index of a generation, got ${index}`);
    drops.set(generation, { type: "drop", generation, reason, ...ledger.ownBytes(index) });
    ledger.drop(index);
    generationsLeft.set(generation.host, (generationsLeft.get(generation.host) ?? 0) - 1);
  };
  return { generations, closureSet, ledger, drops, generationsLeft, drop };
}
