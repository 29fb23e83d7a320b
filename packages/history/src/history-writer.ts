import type { DatabaseSync } from "node:sqlite";

import { insertClosureDiff, type NewClosureDiff } from "./closure-diffs.ts";
import { type Collection, insertCollection } from "./collections.ts";
import { replaceFile } from "./files.ts";
import { forgetBefore, type Forgotten } from "./forget.ts";
import type { GenerationKey } from "./generation-key.ts";
import type { Generation } from "./generations.ts";
import { type HostResult, insertHostResult } from "./host-results.ts";
import { insertLock, type Lock } from "./locks.ts";
import {
  clearLost,
  type Condemnation,
  condemnGeneration,
  markLost,
  recordDeletion,
  recordLink,
  updatePin,
} from "./mark-generation.ts";
import {
  adoptGeneration,
  type NewGeneration,
  type NewPublication,
  recordPublication,
  takeGenerationNumber,
} from "./record-generation.ts";
import {
  finishRun,
  type FinishedRun,
  insertRun,
  markKilledRuns,
  type NewRun,
  type Run,
  type SyncOutcome,
  updateConfiguredHosts,
  updateInputs,
  type UpdateOutcome,
  updateSync,
} from "./runs.ts";
import { execute } from "./statements.ts";
import { insertStep, type Step } from "./steps.ts";
import { insertUsage, type Usage } from "./usages.ts";

/** What only the writer does. Each method is one transaction, on disk when it returns. */
export interface HistoryWriter {
  /** Marks every run that never ended as KILLED, and returns them; call it before a run starts. */
  readonly markKilledRuns: (reason: string) => readonly Run[];
  /** Records the start of a run; returns its id. */
  readonly startRun: (run: NewRun) => string;
  readonly recordSync: (run: string, outcome: SyncOutcome) => void;
  readonly recordUpdate: (run: string, outcome: UpdateOutcome) => void;
  /** Records what a flake.lock pins; one that is known stays as it is. */
  readonly recordLock: (lock: Lock) => void;
  /** Records every host that the configuration names, whether it has a result or not. */
  readonly recordConfiguredHosts: (run: string, hosts: readonly string[]) => void;
  /** Records a step that has ended. */
  readonly recordStep: (step: Step) => void;
  /** Records what a run made of a host; once for each host and run. */
  readonly recordHostResult: (result: HostResult) => void;
  readonly finishRun: (run: string, end: FinishedRun) => void;
  /** Takes the next generation number of a host: the first is 1, none is ever given twice. */
  readonly takeGenerationNumber: (host: string) => number;
  /** Records that a run published a generation, or confirmed it: that makes it the host's newest. */
  readonly recordPublication: (publication: NewPublication) => Generation;
  /**
   * Records a generation that is found on disk but not in the history, as after a damaged database or an older backup;
   * its number is never given again, and it counts as newer than those of its host with smaller numbers.
   */
  readonly adoptGeneration: (generation: NewGeneration) => Generation;
  /** Records that the link that people see was made; the first time stands. */
  readonly recordLink: (key: GenerationKey, at: Date) => void;
  /** Records what changed to a generation from another; replaces what was recorded before. */
  readonly recordClosureDiff: (diff: NewClosureDiff) => void;
  /** Records that the paths of a generation are missing, until it is published anew; the first time stands. */
  readonly markLost: (key: GenerationKey, at: Date) => void;
  /** Records that the paths of a lost generation are there again. */
  readonly clearLost: (key: GenerationKey) => void;
  /** Records that a generation is let go, before its link and root are; the first condemnation stands. */
  readonly condemnGeneration: (key: GenerationKey, condemnation: Condemnation) => void;
  /** Records that the paths of a condemned generation were deleted. */
  readonly recordDeletion: (key: GenerationKey, at: Date) => void;
  readonly pinGeneration: (key: GenerationKey) => void;
  readonly unpinGeneration: (key: GenerationKey) => void;
  /** Records a garbage collection that has ended. */
  readonly recordCollection: (collection: Collection) => void;
  /** Records what the published generations take of the disk. */
  readonly recordUsage: (usage: Usage) => void;
  /**
   * Drops the runs that started before a date and all that belongs to them, the generations that were deleted
   * before it, and what nothing names any more. The latest run, each host's last attempt and last success, the
   * last that knows the configured hosts, what still runs and what still lives all stay; no number is given again.
   */
  readonly forgetBefore: (date: Date) => Forgotten;
  /** Replaces the snapshot that all readers open; they find the old one or the new one, complete. */
  readonly publishSnapshot: (file: string) => void;
}

/** Creates the writer's methods for an open database. */
export function createWriter(db: DatabaseSync): HistoryWriter {
  return {
    markKilledRuns: (reason) => markKilledRuns(db, reason),
    startRun: (run) => insertRun(db, run),
    recordSync: (run, outcome) => updateSync(db, run, outcome),
    recordUpdate: (run, outcome) => updateInputs(db, run, outcome),
    recordLock: (lock) => insertLock(db, lock),
    recordConfiguredHosts: (run, hosts) => updateConfiguredHosts(db, run, hosts),
    recordStep: (step) => insertStep(db, step),
    recordHostResult: (result) => insertHostResult(db, result),
    finishRun: (run, end) => finishRun(db, run, end),
    takeGenerationNumber: (host) => takeGenerationNumber(db, host),
    recordPublication: (publication) => recordPublication(db, publication),
    adoptGeneration: (generation) => adoptGeneration(db, generation),
    recordLink: (key, at) => recordLink(db, key, at),
    recordClosureDiff: (diff) => insertClosureDiff(db, diff),
    markLost: (key, at) => markLost(db, key, at),
    clearLost: (key) => clearLost(db, key),
    condemnGeneration: (key, condemnation) => condemnGeneration(db, key, condemnation),
    recordDeletion: (key, at) => recordDeletion(db, key, at),
    pinGeneration: (key) => updatePin(db, key, { pinned: true }),
    unpinGeneration: (key) => updatePin(db, key, { pinned: false }),
    recordCollection: (collection) => insertCollection(db, collection),
    recordUsage: (usage) => insertUsage(db, usage),
    forgetBefore: (date) => forgetBefore(db, date),
    publishSnapshot: (file) => {
      // VACUUM INTO writes a database without WAL, whatever the source has.
      replaceFile(file, (temporary) => execute(db, "VACUUM INTO :temporary", { temporary }));
    },
  };
}
