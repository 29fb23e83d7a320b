import type { DatabaseSync } from "node:sqlite";

import { type ClosureDiff, selectClosureDiff } from "./closure-diffs.ts";
import { type Collection, selectCollections } from "./collections.ts";
import {
  type Generation,
  selectCondemnedGenerations,
  selectGeneration,
  selectGenerations,
  selectLiveGeneration,
  selectNewestGenerations,
} from "./generations.ts";
import {
  type HostAttempt,
  type HostSuccess,
  selectHostHistory,
  selectHosts,
  selectLastAttempts,
  selectLastResults,
  selectLastSuccess,
} from "./host-history.ts";
import { type HostResult, selectHostResults } from "./host-results.ts";
import { type LockInput, selectLockInputs } from "./locks.ts";
import { type Publication, selectPublications } from "./publications.ts";
import { type Run, selectLatestConfiguredHosts, selectRun, selectRuns } from "./runs.ts";
import { selectSteps, type Step } from "./steps.ts";
import { selectLatestUsage, type Usage } from "./usages.ts";

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
  /** The hosts that the configuration named, as the last run that recorded them knew; by no run: undefined. */
  readonly latestConfiguredHosts: () => readonly string[] | undefined;
  /** What a flake.lock pins, by name; undefined where that was not recorded. */
  readonly lockInputs: (digest: string) => readonly LockInput[] | undefined;

  /** Names of the hosts that have a result or a generation that is not condemned, sorted. */
  readonly hosts: () => readonly string[];
  /** The latest result of each host, whatever run it is of, by host name. */
  readonly lastResults: () => readonly HostAttempt[];
  /** When the last run that had a result for a host started, by host: it was configured then. */
  readonly lastAttempts: () => ReadonlyMap<string, Date>;
  /** The latest results of a host, the newest first. */
  readonly hostHistory: (host: string, limit: number) => readonly HostAttempt[];
  /** The latest result of a host that is a success. */
  readonly lastSuccess: (host: string) => HostSuccess | undefined;

  readonly generation: (host: string, number: number) => Generation | undefined;
  /** All generations of a host, condemned and deleted ones included, the newest first. */
  readonly generations: (host: string) => readonly Generation[];
  /** The newest generation of each host that is not condemned, by host name. */
  readonly newestGenerations: () => readonly Generation[];
  /** The generation of a host that has this toplevel and is not condemned. */
  readonly findGeneration: (host: string, toplevel: string) => Generation | undefined;
  /** What is condemned and not yet deleted, in the order in which it was condemned. */
  readonly condemnedGenerations: () => readonly Generation[];
  /** What changed to a generation from the one before it; undefined where that was not recorded. */
  readonly closureDiff: (host: string, number: number) => ClosureDiff | undefined;

  /** The latest garbage collections, the newest first. */
  readonly collections: (limit: number) => readonly Collection[];
  /** What the published generations took of the disk when that was last recorded. */
  readonly latestUsage: () => Usage | undefined;
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
    latestConfiguredHosts: () => selectLatestConfiguredHosts(db),
    lockInputs: (digest) => selectLockInputs(db, digest),
    hosts: () => selectHosts(db),
    lastResults: () => selectLastResults(db),
    lastAttempts: () => selectLastAttempts(db),
    hostHistory: (host, limit) => selectHostHistory(db, host, limit),
    lastSuccess: (host) => selectLastSuccess(db, host),
    generation: (host, number) => selectGeneration(db, host, number),
    generations: (host) => selectGenerations(db, host),
    newestGenerations: () => selectNewestGenerations(db),
    findGeneration: (host, toplevel) => selectLiveGeneration(db, host, toplevel),
    condemnedGenerations: () => selectCondemnedGenerations(db),
    closureDiff: (host, number) => selectClosureDiff(db, host, number),
    collections: (limit) => selectCollections(db, limit),
    latestUsage: () => selectLatestUsage(db),
  };
}
