import type { RetentionGeneration } from "./generation.ts";

/** A store path as `nix path-info` gives it, as far as a plan needs it. */
export interface RetentionPath {
  /** Bytes of the path's NAR. */
  readonly narSize: number;
  /** Full store paths; the path itself may be among them. */
  readonly references: readonly string[];
}

/** What the administrator wants kept. */
export interface RetentionPolicy {
  /** Good generations to keep for each host; 0 = unlimited. */
  readonly keepGenerations: number;
  /** Most NAR bytes that all closures together may have, each path counted once; 0 = unlimited. */
  readonly maxCacheSizeBytes: number;
  /** Bytes to keep free on the store's file system; 0 = no such limit. Default 0. */
  readonly minFreeBytes?: number;
  /** Age in ms below which a generation is never dropped. Default 24 h, as Hydra. */
  readonly graceMs?: number;
  /** How long a host that left the configuration keeps its generations, in ms. Default 7 days. */
  readonly removedHostMs?: number;
}

/** Everything that a plan depends on. */
export interface RetentionInput {
  /** All generations that are rooted now, in any order. */
  readonly generations: readonly RetentionGeneration[];
  /** The closures of all good generations, by store path. */
  readonly closures: ReadonlyMap<string, RetentionPath>;
  readonly policy: RetentionPolicy;
  /** Names of the hosts that the configuration builds now. */
  readonly configuredHosts: ReadonlySet<string>;
  /**
   * When each host that has left the configuration was last in it.
   * A host that is missing here counts as removed since its newest good generation was published.
   */
  readonly lastConfiguredAt?: ReadonlyMap<string, Date>;
  /** Toplevels that machines run now; never dropped. */
  readonly inUse?: ReadonlySet<string>;
  /**
   * Store paths that other GC roots hold, such as the machine's own profiles. What they reach counts against
   * maxCacheSizeBytes as usual, but dropping a generation does not free it. One that is not in closures reaches nothing.
   */
  readonly otherRoots?: ReadonlySet<string>;
  /**
   * Bytes that the caller expects to be free on the store's file system without this plan: what is free now and what
   * earlier plans dropped but nobody has collected yet. Required where minFreeBytes is set.
   */
  readonly freeBytes?: number;
  /** The time of planning. */
  readonly now: Date;
}
