import { resolveClosures } from "./closure-set.ts";
import { createDraft, type Draft } from "./draft.ts";
import { dropToLimits } from "./drop-to-limits.ts";
import { compareByAge, compareByName } from "./generation.ts";
import { judgeHosts, type Verdicts } from "./judge-hosts.ts";
import type { KeepDecision, RetentionPlan } from "./plan.ts";
import type { RetentionInput } from "./retention-input.ts";
import { createSizeLimits, type SizeLimits } from "./size-limits.ts";
import { validateInput } from "./validate-input.ts";

/**
 * Decides which generations to keep and which to drop.
 *
 * Always kept: the newest good generation of each host, pinned ones, those in use, those in their grace period.
 * Dropped: what the administrator dismissed, in its grace period too; what a host has beyond keepGenerations;
 * what a host that left the configuration removedHostMs ago has, its newest included; then, while a limit on size
 * is exceeded, the oldest unprotected generation that frees something, of the host that has most left.
 * Generations that are not good never count, nor do dismissed ones that go.
 *
 * The plan depends on nothing but the input, in whatever order it comes. Planning again with what stayed drops
 * nothing more.
 *
 * @returns a decision with its reason for every generation given
 * @throws TypeError or RangeError for a wrong argument
 * @throws {@link RetentionError} for generations and closures that contradict each other
 * @example
 * const { drops } = planRetention({
 *   generations: [],
 *   closures: new Map(),
 *   policy: { keepGenerations: 3, maxCacheSizeBytes: 200_000_000_000 },
 *   configuredHosts: new Set(["nz"]),
 *   now: new Date(),
 * });
 * @see https://nix.dev/manual/nix/latest/package-management/garbage-collector-roots
 */
export function planRetention(input: RetentionInput): RetentionPlan {
  const policy = validateInput(input);
  const generations = input.generations.toSorted(compareByAge);
  const verdicts = judgeHosts(generations, input, policy);
  const draft = createDraft(generations, resolveClosures(generations, input));
  const rootedBytesBefore = draft.ledger.rootedBytes();
  const limits = createSizeLimits(input, policy, draft.ledger);

  const candidates: number[] = [];
  for (const [index, generation] of generations.entries()) {
    const verdict = verdicts.get(generation);
    if (verdict?.type === "drop") draft.drop(index, verdict.reason);
    if (verdict?.reason.type === "recent") candidates.push(index);
  }
  dropToLimits(draft, candidates, limits);

  return {
    decisions: listDecisions(draft, verdicts, limits),
    drops: [...draft.drops.values()],
    rootedBytesBefore,
    rootedBytesAfter: draft.ledger.rootedBytes(),
    overCap: limits.isOverCap(),
    underMinFree: limits.isUnderMinFree(),
  };
}

function listDecisions(draft: Draft, verdicts: Verdicts, limits: SizeLimits): RetentionPlan["decisions"] {
  const isLimitExceeded = limits.findExceeded() !== undefined;
  const keeps: KeepDecision[] = [];
  for (const [generation, { type, reason }] of verdicts) {
    if (type === "drop" || draft.drops.has(generation)) continue;
    const isSpared = isLimitExceeded && reason.type === "recent";
    keeps.push({ type, generation, reason: isSpared ? { type: "frees-nothing" } : reason });
  }
  return [...keeps, ...draft.drops.values()].toSorted((a, b) => compareByName(a.generation, b.generation));
}
