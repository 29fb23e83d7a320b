import type { HistoryReader } from "../src/index.ts";

/** What the queries are about. */
export interface QuerySubjects {
  readonly run: string;
  readonly lock: string;
  readonly host: string;
  /** Number of a generation of the host. */
  readonly generation: number;
}

/** A question to the history. */
export type Query = (reader: HistoryReader) => unknown;

/** Creates every query whose answer does not grow with the history, by name. */
export function createQueries({
  run,
  lock,
  host,
  generation,
}: QuerySubjects): Readonly<Record<string, Query>> {
  return {
    latestRun: (reader) => reader.latestRun(),
    runs: (reader) => reader.runs(10),
    run: (reader) => reader.run(run),
    steps: (reader) => reader.steps(run),
    hostResults: (reader) => reader.hostResults(run),
    publications: (reader) => reader.publications(run),
    latestConfiguredHosts: (reader) => reader.latestConfiguredHosts(),
    lockInputs: (reader) => reader.lockInputs(lock),
    hosts: (reader) => reader.hosts(),
    lastResults: (reader) => reader.lastResults(),
    lastAttempts: (reader) => reader.lastAttempts(),
    hostHistory: (reader) => reader.hostHistory(host, 10),
    lastSuccess: (reader) => reader.lastSuccess(host),
    "lastSuccess of a host that fails": (reader) => reader.lastSuccess("zz"),
    generation: (reader) => reader.generation(host, generation),
    newestGenerations: (reader) => reader.newestGenerations(),
    findGeneration: (reader) => reader.findGeneration(host, `${host}${generation}`),
    condemnedGenerations: (reader) => reader.condemnedGenerations(),
    closureDiff: (reader) => reader.closureDiff(host, generation),
    collections: (reader) => reader.collections(1),
    latestUsage: (reader) => reader.latestUsage(),
  };
}
