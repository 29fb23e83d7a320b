import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type HistoryReader, openHistory, openHistorySnapshot } from "@nix-cache/history";
import { Bench } from "tinybench";

import { HOSTS, recordNights } from "./long-history.ts";
import { printMachine } from "./print-machine.ts";

/** Runs in the history; the first is the reference. */
const SIZES = [10, 1_000, 10_000] as const;

/** What `status` asks; the sum of them is to stay far below 200 ms at 10,000 runs. */
const QUERIES: Readonly<Record<string, (reader: HistoryReader) => unknown>> = {
  latestRun: (reader) => reader.latestRun(),
  "runs(10)": (reader) => reader.runs(10),
  lastResults: (reader) => reader.lastResults(),
  newestGenerations: (reader) => reader.newestGenerations(),
  latestUsage: (reader) => reader.latestUsage(),
  "collections(1)": (reader) => reader.collections(1),
  "closureDiff of each host": (reader) =>
    reader.newestGenerations().map(({ host, number }) => reader.closureDiff(host, number)),
  latestConfiguredHosts: (reader) => reader.latestConfiguredHosts(),
  "lastSuccess of each host": (reader) => HOSTS.map((host) => reader.lastSuccess(host)),
};

/** Recording 10,000 nights on a disk takes minutes of waiting for it; where there is a RAM disk, it is filled there. */
const fast = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "history-bench-"));
const disk = mkdtempSync(join(tmpdir(), "history-bench-"));
try {
  printMachine();
  const columns = [];
  let recorded = 0;
  for (const size of SIZES) {
    recordNights(join(fast, "history.sqlite"), recorded, size);
    recorded = size;
    columns.push(await measure(size));
  }
  printTable(columns);
} finally {
  for (const directory of [fast, disk]) rmSync(directory, { recursive: true });
}

interface Column {
  readonly size: number;
  readonly megabytes: number;
  /** Median ms by name. */
  readonly ms: ReadonlyMap<string, number>;
}

async function measure(size: number): Promise<Column> {
  const [file, snapshotFile] = [join(disk, "history.sqlite"), join(disk, "history.public.sqlite")];
  copyFileSync(join(fast, "history.sqlite"), file);
  const history = openHistory(file, { now: new Date() });
  history.publishSnapshot(snapshotFile);
  const snapshot = openHistorySnapshot(snapshotFile);
  const bench = new Bench({ time: 500, warmupTime: 50, warmupIterations: 1, iterations: 5 });
  for (const [name, query] of Object.entries(QUERIES)) bench.add(name, () => void snapshot.read(query));
  bench.add("all of them, opening the snapshot", () => {
    using opened = openHistorySnapshot(snapshotFile);
    opened.read((reader) => Object.values(QUERIES).map((query) => query(reader)));
  });
  bench.add("publishSnapshot", () => history.publishSnapshot(snapshotFile));
  await bench.run();
  snapshot.close();
  history.close();
  const ms = new Map(bench.tasks.map(({ name }) => [name, medianMs(bench, name)]));
  return { size, megabytes: statSync(snapshotFile).size / 1e6, ms };
}

function medianMs(bench: Bench, name: string): number {
  const result = bench.getTask(name)?.result;
  if (result?.state !== "completed") throw new Error(`${name} did not complete`);
  return result.latency.p50;
}

function printTable(columns: readonly Column[]): void {
  const [reference] = columns;
  console.log(`history of ${HOSTS.length} hosts; median ms (and times that of ${reference?.size} runs)`);
  printRow(
    "runs",
    columns.map(({ size }) => `${size}`),
  );
  printRow(
    "snapshot, MB",
    columns.map(({ megabytes }) => megabytes.toFixed(1)),
  );
  for (const [name, referenceMs] of reference?.ms ?? []) {
    const times = columns.map(({ ms }) => ms.get(name) ?? Number.NaN);
    printRow(
      name,
      times.map((ms) => `${ms.toFixed(3)} (${(ms / referenceMs).toFixed(1)})`),
    );
  }
}

function printRow(name: string, cells: readonly string[]): void {
  console.log([name.padEnd(36), ...cells.map((cell) => cell.padStart(20))].join(""));
}
