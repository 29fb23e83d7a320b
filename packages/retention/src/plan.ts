import type { RetentionGeneration } from "./generation.ts";

/**
 * Why a generation stays. The first that applies is given, in this order.
 *
 * - `newest-good`: the newest good generation of a host that is configured or not removed for long
 * - `pinned`: the administrator asked for it
 * - `in-use`: a machine runs it
 * - `grace`: published or confirmed a short while ago; protected until `until`
 * - `frees-nothing`: a limit is exceeded, but every path of it is also in a generation that must stay, or where space is
 *   to be freed under another root
 * - `recent`: the `rank`th newest good generation of its host, within keepGenerations (0 = unlimited)
 */
export type KeepReason =
  | { readonly type: "newest-good" }
  | { readonly type: "pinned" }
  | { readonly type: "in-use" }
  | { readonly type: "grace"; readonly until: Date }
  | { readonly type: "frees-nothing" }
  | { readonly type: "recent"; readonly rank: number; readonly keepGenerations: number };

/**
 * Why a generation goes. The first that applies is given, in this order.
 *
 * - `dismissed`: the administrator asked to let it go
 * - `removed-host`: its host left the configuration at least removedHostMs ago
 * - `not-good`: it cannot be served
 * - `excess`: the `rank`th newest good generation of its host, beyond keepGenerations
 * - `cache-size`: `rootedBytes` were rooted at its turn, above maxCacheSizeBytes
 * - `free-space`: `freeBytes` were expected to be free at its turn, below minFreeBytes
 */
export type DropReason =
  | { readonly type: "dismissed" }
  | { readonly type: "removed-host"; readonly lastConfiguredAt: Date }
  | { readonly type: "not-good" }
  | { readonly type: "excess"; readonly rank: number; readonly keepGenerations: number }
  | { readonly type: "cache-size"; readonly rootedBytes: number; readonly maxCacheSizeBytes: number }
  | { readonly type: "free-space"; readonly freeBytes: number; readonly minFreeBytes: number };

/** A generation that stays, and why. */
export interface KeepDecision {
  readonly type: "keep";
  readonly generation: RetentionGeneration;
  readonly reason: KeepReason;
}

/** A generation that goes, and why. */
export interface DropDecision {
  readonly type: "drop";
  readonly generation: RetentionGeneration;
  readonly reason: DropReason;
  /** NAR bytes that only this generation rooted when its turn came: what counts against the cap without it. */
  readonly exclusiveBytes: number;
  /** Those of them that no other root holds: what the store gets back. */
  readonly freeableBytes: number;
}

/** What to keep and what to drop. */
export interface RetentionPlan {
  /** One decision for every generation given, by host, then by number. */
  readonly decisions: readonly (KeepDecision | DropDecision)[];
  /** The drops among the decisions, in the order in which to carry them out. */
  readonly drops: readonly DropDecision[];
  /** NAR bytes of the unique paths in the closures of all generations given. */
  readonly rootedBytesBefore: number;
  /** NAR bytes of the unique paths in the closures of the generations that stay. */
  readonly rootedBytesAfter: number;
  /** True where maxCacheSizeBytes stays exceeded: nothing that may be dropped would free a byte. */
  readonly overCap: boolean;
  /** True where fewer than minFreeBytes are expected to be free after the plan. */
  readonly underMinFree: boolean;
}
