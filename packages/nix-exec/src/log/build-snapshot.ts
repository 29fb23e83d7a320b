import type { FailedDerivation } from "./failed-derivation.ts";

/** A build under way. */
export interface RunningBuild {
  readonly drvPath: string;
  /** Of the derivation, without its hash part: `hello-2.12`. */
  readonly name: string;
  /** URI of the machine that builds it, "" for this one. */
  readonly machine: string;
  readonly since: Date;
  /** Such as `buildPhase`; left out until the builder tells. */
  readonly phase?: string;
  /** What the builder printed last, one line of it. */
  readonly lastLine?: string;
}

/** A store path or a file under way: downloaded, or copied from or to another store. */
export interface RunningTransfer {
  readonly type: "store-path" | "file";
  /** The store path, or the URI of a file that no store path's transfer needs. */
  readonly source: string;
  /** Of the store path without its hash part, or of the file. */
  readonly name: string;
  /** URI of the store it comes from; "" where the log names none. */
  readonly from: string;
  /** URI of the store it goes to; "" where the log names none. */
  readonly to: string;
  readonly since: Date;
  /** Of the NAR, or of the file. */
  readonly doneBytes: number;
  /** 0 until it is known. */
  readonly expectedBytes: number;
}

/** A goal that waits for a lock or for a machine. */
export interface WaitingGoal {
  /** Nix's words for what it waits for. */
  readonly text: string;
  readonly since: Date;
}

/** A build that ended well. */
export interface FinishedBuild {
  readonly drvPath: string;
  readonly name: string;
  readonly machine: string;
  readonly since: Date;
  readonly until: Date;
}

/** A derivation that failed by itself. */
interface FailedBuild extends FailedDerivation {
  readonly name: string;
}

/**
 * A store path's transfer that is over. Nix does not say which of them failed; `counts.transfers.failed` tells
 * how many.
 */
export interface FinishedTransfer {
  readonly storePath: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly since: Date;
  readonly until: Date;
  /** As Nix told last; versions up to 2.26 at least leave out a last part of less than 64 KiB. */
  readonly bytes: number;
}

/** How many of a kind; Nix learns of more as it goes, so `expected` grows. */
export interface ItemCounts {
  readonly done: number;
  readonly expected: number;
  readonly running: number;
  readonly failed: number;
}

/** Bytes of all transfers, those that are over included. */
export interface ByteCounts {
  readonly done: number;
  readonly expected: number;
}

/** What a command of Nix is doing and has done, at one moment. Later events do not change it. */
export interface BuildSnapshot {
  /** Oldest first, like all lists here. */
  readonly builds: readonly RunningBuild[];
  readonly transfers: readonly RunningTransfer[];
  readonly waiting: readonly WaitingGoal[];
  /** The newest 1000. */
  readonly built: readonly FinishedBuild[];
  /** The newest 1000. */
  readonly failed: readonly FailedBuild[];
  /** The newest 1000. */
  readonly transferred: readonly FinishedTransfer[];
  /** As Nix counts: builds; store paths fetched or copied. */
  readonly counts: { readonly builds: ItemCounts; readonly transfers: ItemCounts };
  /**
   * Of NARs that are copied, and of files that are downloaded, mostly the same NARs compressed: each byte of a
   * substituted store path is in both, so they are never to be added up.
   */
  readonly bytes: { readonly copied: ByteCounts; readonly downloaded: ByteCounts };
}
