import {
  type Generation,
  HistoryError,
  type HistoryErrorCode,
  type HistoryReader,
  type HostAttempt,
  openHistorySnapshot,
  type Run,
  type Usage,
} from "@nix-cache/history";

import { liveGenerations } from "../live-generations.ts";

/** What the checks want of the history, as all of its readers see it. */
export type HistoryView =
  | { readonly type: "none" }
  | { readonly type: "unreadable"; readonly code: HistoryErrorCode; readonly reason: string }
  | ({ readonly type: "read" } & HistoryFacts);

/** What was recorded. */
export interface HistoryFacts {
  readonly latestRun: Run | undefined;
  /** What is published: of each host, the newest generation first. */
  readonly published: readonly (readonly [newest: Generation, ...older: Generation[]])[];
  /** The latest result of each host. */
  readonly results: readonly HostAttempt[];
  readonly usage: Usage | undefined;
}

/** Reads the published snapshot of the history. */
export function readHistoryView(file: string): HistoryView {
  try {
    using snapshot = openHistorySnapshot(file);
    const facts = snapshot.read(readFacts);
    return facts === undefined ? { type: "none" } : { type: "read", ...facts };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return { type: "unreadable", code: error.code, reason: error.message };
  }
}

function readFacts(reader: HistoryReader): HistoryFacts {
  return {
    latestRun: reader.latestRun(),
    published: reader.newestGenerations().flatMap(({ host }) => {
      const [newest, ...older] = liveGenerations(reader, host);
      return newest === undefined ? [] : [[newest, ...older] as const];
    }),
    results: reader.lastResults(),
    usage: reader.latestUsage(),
  };
}
