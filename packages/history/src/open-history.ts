import type { DatabaseSync } from "node:sqlite";

import { toMs } from "./arguments.ts";
import { replaceFile } from "./files.ts";
import type { Generation } from "./generations.ts";
import { createReader, type HistoryReader } from "./history-reader.ts";
import { type HostResult, insertHostResult } from "./host-results.ts";
import { openWritable } from "./open-database.ts";
import {
  adoptGeneration,
  condemnGeneration,
  type GenerationKey,
  type NewGeneration,
  type NewPublication,
  recordDeletion,
  recordPublication,
  takeGenerationNumber,
  updatePin,
} from "./record-generation.ts";
import {
  finishRun,
  type FinishedRun,
  insertRun,
  markKilledRuns,
  type NewRun,
  type Run,
  type SyncOutcome,
  updateInputs,
  type UpdateOutcome,
  updateSync,
} from "./runs.ts";
import { execute } from "./statements.ts";
import { insertStep, type Step } from "./steps.ts";

/** Options of {@link openHistory}. */
export interface OpenHistoryOptions {
  /** The time of opening; goes into the name of a damaged file. */
  readonly now: Date;
}

/**
 * The history as its one writer sees it. Each method is one transaction, on disk when it returns, and throws
 * {@link HistoryError}; wrong numbers and dates throw TypeError or RangeError.
 */
export interface History extends HistoryReader, Disposable {
  /** Where the database went that was found damaged at opening; absent where it was sound or new. */
  readonly damagedFile?: string;
  /** Marks every run that never ended as KILLED, and returns them; call it before a run starts. */
  readonly markKilledRuns: (reason: string) => readonly Run[];
  /** Records the start of a run; returns its id. */
  readonly startRun: (run: NewRun) => string;
  readonly recordSync: (run: string, outcome: SyncOutcome) => void;
  readonly recordUpdate: (run: string, outcome: UpdateOutcome) => void;
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
   * Records a generation that is found on disk but not in the history, as after a damaged database; its number
   * is never given again, and it counts as older than any that a run published.
   */
  readonly adoptGeneration: (generation: NewGeneration) => Generation;
  /** Records that the root of a generation was removed. */
  readonly condemnGeneration: (key: GenerationKey, at: Date) => void;
  /** Records that the paths of a condemned generation were deleted. */
  readonly recordDeletion: (key: GenerationKey, at: Date) => void;
  readonly pinGeneration: (key: GenerationKey) => void;
  readonly unpinGeneration: (key: GenerationKey) => void;
  /** Replaces the snapshot that all readers open; they find the old one or the new one, complete. */
  readonly publishSnapshot: (file: string) => void;
  readonly close: () => void;
}

/**
 * Opens the history for writing; only one process may.
 *
 * A missing file is made, an older schema is migrated, a damaged file is set aside as
 * `<file>.damaged-<time>` and replaced by an empty history: `damagedFile` then has its name.
 *
 * @throws {@link HistoryError} ERR_HISTORY_OPEN, ERR_HISTORY_BUSY, ERR_HISTORY_IO, or ERR_HISTORY_VERSION for a
 *   database that a newer version of this library wrote, which is left as it is
 * @example
 * using history = openHistory("/var/lib/nix-cache-builder/history.sqlite", { now: new Date() });
 * const run = history.startRun({ startedAt: new Date(), branch: "main", flakeUrl: "https://example.org/flake" });
 * @see https://sqlite.org/wal.html
 */
export function openHistory(file: string, options: OpenHistoryOptions): History {
  toMs(options.now, "now");
  const { db, ...findings } = openWritable(file, options.now);
  const close = (): void => {
    if (db.isOpen) db.close();
  };
  return { ...findings, ...createReader(db), ...createWriter(db), close, [Symbol.dispose]: close };
}

type HistoryWriter = Omit<History, keyof HistoryReader | "damagedFile" | "close" | typeof Symbol.dispose>;

function createWriter(db: DatabaseSync): HistoryWriter {
  return {
    markKilledRuns: (reason) => markKilledRuns(db, reason),
    startRun: (run) => insertRun(db, run),
    recordSync: (run, outcome) => updateSync(db, run, outcome),
    recordUpdate: (run, outcome) => updateInputs(db, run, outcome),
    recordStep: (step) => insertStep(db, step),
    recordHostResult: (result) => insertHostResult(db, result),
    finishRun: (run, end) => finishRun(db, run, end),
    takeGenerationNumber: (host) => takeGenerationNumber(db, host),
    recordPublication: (publication) => recordPublication(db, publication),
    adoptGeneration: (generation) => adoptGeneration(db, generation),
    condemnGeneration: (key, at) => condemnGeneration(db, key, at),
    recordDeletion: (key, at) => recordDeletion(db, key, at),
    pinGeneration: (key) => updatePin(db, key, { pinned: true }),
    unpinGeneration: (key) => updatePin(db, key, { pinned: false }),
    publishSnapshot: (file) => {
      // VACUUM INTO writes a database without WAL, whatever the source has.
      replaceFile(file, (temporary) => execute(db, "VACUUM INTO :temporary", { temporary }));
    },
  };
}
