import type { RunStatus } from "@nix-cache/history";

import type { LockState } from "../lock-holder.ts";
import type { NextRun } from "../schedule/read-next-run.ts";

/** How it is with the builder, all in all; `new`: no run has ended yet. */
export type Health = "healthy" | "degraded" | "failing" | "new";

/** Something that is not as it should be. */
export interface Problem {
  readonly code:
    | "collection-failed"
    | "generation-lost"
    | "history-damaged"
    | "hosts-failed"
    | "hosts-missing"
    | "little-space"
    | "over-cap"
    | "overdue"
    | "run-failed"
    | "run-killed"
    | "run-partial";
  /** `failing`: hosts are not, or soon no longer, what they should be. */
  readonly severity: "failing" | "degraded";
  /** One line. */
  readonly text: string;
}

/** A run, as its last line says. */
export interface RunSummary {
  readonly id: string;
  readonly status: RunStatus;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  readonly durationMs?: number;
  readonly branch: string;
  readonly revision?: string;
  readonly reason?: string;
}

/** The newest generation of a host. */
export interface GenerationSummary {
  readonly number: number;
  readonly toplevel: string;
  readonly createdAt: Date;
  readonly lastVerifiedAt: Date;
  readonly revision?: string;
  readonly closureSize?: number;
  readonly pinned: boolean;
  /** Its store paths are gone. */
  readonly lost: boolean;
  /** What changed since the one before it, in a line. */
  readonly changes?: string;
}

/** What the last run with a host made of it. */
export interface ResultSummary {
  readonly run: string;
  readonly startedAt: Date;
  readonly state: "published" | "unchanged" | "failed";
  readonly failedStep?: string;
  readonly failureClass?: string;
  readonly reason?: string;
  /** When the last run started that succeeded with it. */
  readonly lastSuccessAt?: Date;
}

/** A host of the configuration, or one that was. */
export interface HostStatus {
  readonly host: string;
  readonly configured: boolean;
  readonly generation?: GenerationSummary;
  readonly lastResult?: ResultSummary;
}

/** What the published generations take of the disk. */
export interface DiskStatus {
  /** NAR bytes of what is published, as of `measuredAt`. */
  readonly usedBytes?: number;
  readonly usedPaths?: number;
  readonly measuredAt?: Date;
  /** `maxCacheSize`; absent: no limit. */
  readonly capBytes?: number;
  /** Free on the store's disk now. */
  readonly freeBytes?: number;
  /** `minFreeSpace`; absent: no limit. */
  readonly minFreeBytes?: number;
}

/** Everything that `status` shows. */
export interface Status {
  readonly health: Health;
  readonly healthy: boolean;
  readonly problems: readonly Problem[];
  readonly checkedAt: Date;
  /** The command that holds the run lock, or held it when it was killed. */
  readonly lock?: LockState;
  readonly lastRun?: RunSummary;
  readonly nextRun: NextRun;
  /** When the run was due that has not started. */
  readonly overdueSince?: Date;
  /** Of the last runs, those that were killed. */
  readonly killedRuns: readonly RunSummary[];
  readonly hosts: readonly HostStatus[];
  readonly disk: DiskStatus;
  /** The newest history that was found damaged and set aside; absent: there is none. */
  readonly damagedHistory?: string;
}
