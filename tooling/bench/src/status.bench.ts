import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

import { openHistory } from "@nix-cache/history";

import { HOSTS, recordNights } from "./long-history.ts";
import { printMachine } from "./print-machine.ts";

/** What `status` is to answer from in under 200 ms, as a whole process. */
const RUNS = 10_000;

/** How often each command is timed, in turns: what else the machine does then meets all of them. */
const ROUNDS = 21;

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const BUNDLE = `${ROOT}/apps/builder/dist/main.js`;
if (!existsSync(BUNDLE)) throw new Error(`expected ${BUNDLE}: run pnpm run build first`);

/** Recording 10,000 nights on a disk takes minutes of waiting for it; where there is a RAM disk, it is filled there. */
const fast = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "status-bench-"));
const disk = mkdtempSync(join(tmpdir(), "status-bench-"));
try {
  printMachine();
  const status = ["status", "--config", prepareMachine()];
  const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "node -e 0 (reference)": [process.execPath, "-e", "0"],
    "status, as published": [process.execPath, BUNDLE, ...status],
    "status, from the checkout": [`${ROOT}/tooling/bin/nix-cache-builder`, ...status],
  };
  printTimes(timeInTurns(commands));
} finally {
  for (const directory of [fast, disk]) rmSync(directory, { recursive: true });
}

/** Makes a machine with a long history; returns its configuration file. */
function prepareMachine(): string {
  recordNights(join(fast, "history.sqlite"), 0, RUNS);
  mkdirSync(join(disk, "state"));
  copyFileSync(join(fast, "history.sqlite"), join(disk, "state/history.sqlite"));
  using history = openHistory(join(disk, "state/history.sqlite"), { now: new Date() });
  history.publishSnapshot(join(disk, "state/history.public.sqlite"));
  const config = { builder: { flakeRepo: disk, hosts: HOSTS, stateDir: `${disk}/state` } };
  writeFileSync(join(disk, "config.json"), JSON.stringify(config));
  return join(disk, "config.json");
}

function timeInTurns(
  commands: Readonly<Record<string, readonly [string, ...string[]]>>,
): ReadonlyMap<string, readonly number[]> {
  const times = new Map(Object.keys(commands).map((name) => [name, new Array<number>()]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [program, ...argv]] of Object.entries(commands)) {
      const start = performance.now();
      execFileSync(program, argv);
      times.get(name)?.push(performance.now() - start);
    }
  }
  return times;
}

function printTimes(times: ReadonlyMap<string, readonly number[]>): void {
  console.log(`a history of ${RUNS} runs of ${HOSTS.length} hosts; ms of ${ROUNDS} processes`);
  const [reference = Number.NaN] = [...times.values()].map(median);
  for (const [name, ms] of times) {
    const figures = [`${median(ms).toFixed(0)} median`, `${Math.min(...ms).toFixed(0)} least`];
    console.log(
      `${name.padEnd(28)}${figures.join(", ").padEnd(24)}${(median(ms) / reference).toFixed(1)} x reference`,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
