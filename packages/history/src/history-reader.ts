import type { DatabaseSync } from "node:sqlite";

import {
  type Generation,
  selectGenerations,
  selectLiveGeneration,
  selectNewestGenerations,
} from "./generations.ts";
import { type HostResult, selectHostResults, selectLastAttempts } from "./host-results.ts";
import { type Publication, selectPublications } from "./publications.ts";
import { type Run, selectRun, selectRuns } from "./runs.ts";
import { selectSteps, type Step } from "./steps.ts";

/** Questions that both the writer and a snapshot answer. All are synchronous and throw {@link HistoryError}. */
export interface HistoryReader {
  /** The run that started last. */
  readonly latestRun: () => Run | undefined;
  /** The latest runs, the newest first. */
  readonly runs: (limit: number) => readonly Run[];
  readonly run: (id: string) => Run | undefined;
  /** The steps of a run in the order in which they ended. */
  readonly steps: (run: string) => readonly Step[];
  /** What a run made of its hosts, by host name. */
  readonly hostResults: (run: string) => readonly HostResult[];
  /** What a run published, in that order. */
  readonly publications: (run: string) => readonly Publication[];
  /** All generations of a host, condemned and deleted ones included, the newest first. */
  readonly generations: (host: string) => readonly Generation[];
  /** The newest generation of each host that is not condemned, by host name. */
  readonly newestGenerations: () => readonly Generation[];
  /** The generation of a host that has this toplevel and is not condemned. */
  readonly findGeneration: (host: string, toplevel: string) => Generation | undefined;
  /** When the last run that had a result for a host started, by host: it was configured then. */
  readonly lastAttempts: () => ReadonlyMap<string, Date>;
}

/** Creates the answers from an open database. */
export function createReader(db: DatabaseSync): HistoryReader {
  return {
    latestRun: () => selectRuns(db, 1)[0],
    runs: (limit) => selectRuns(db, limit),
    run: (id) => selectRun(db, id),
    steps: (run) => selectSteps(db, run),
    hostResults: (run) => selectHostResults(db, run),
    publications: (run) => selectPublications(db, run),
    generations: (host) => selectGenerations(db, host),
    newestGenerations: () => selectNewestGenerations(db),
    findGeneration: (host, toplevel) => selectLiveGeneration(db, host, toplevel),
    lastAttempts: () => selectLastAttempts(db),
  };
}
