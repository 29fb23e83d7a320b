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
interface HistoryFacts {
  readonly latestRun: Run | undefined;
  /** What is published: of each host, the newest generation first. */
  readonly published: readonly (readonly [newest: Generation, ...older: Generation[]])[];
  /** The latest result of each host that is configured. */
  readonly results: readonly HostAttempt[];
  readonly usage: Usage | undefined;
}

/**
 * Reads the published snapshot of the history.
 *
 * @param hosts as the configuration has them; `["*"]` is what the last run took it for
 */
export function readHistoryView(file: string, hosts: readonly string[]): HistoryView {
  try {
    using snapshot = openHistorySnapshot(file);
    const facts = snapshot.read((reader) => readFacts(reader, hosts));
    return facts === undefined ? { type: "none" } : { type: "read", ...facts };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return { type: "unreadable", code: error.code, reason: error.message };
  }
}

function readFacts(reader: HistoryReader, hosts: readonly string[]): HistoryFacts {
  const configured = hosts.includes("*") ? reader.latestConfiguredHosts() : hosts;
  return {
    latestRun: reader.latestRun(),
    published: reader.newestGenerations().flatMap(({ host }) => {
      const [newest, ...older] = liveGenerations(reader, host);
      return newest === undefined ? [] : [[newest, ...older] as const];
    }),
    results: reader.lastResults().filter(({ host }) => configured?.includes(host) ?? true),
    usage: reader.latestUsage(),
  };
}
