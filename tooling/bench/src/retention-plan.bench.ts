import { planRetention } from "@nix-cache/retention";
import { execa } from "execa";

import { printMachine } from "./print-machine.ts";
import { createFleet, type FleetSize } from "./retention-fleet.ts";

const ROUNDS = 5;
const MIB = 2 ** 20;
const KIB_PER_MIB = 2 ** 10;

/** What the largest fleet may take. */
const MAX_MS = 2_000;
const MAX_MIB = 300;
const LARGEST: FleetSize = { hosts: 20, generationsPerHost: 30, pathsPerClosure: 5_000 };

/** What each dimension alone is doubled and quadrupled from. */
const BASE: FleetSize = { hosts: 10, generationsPerHost: 15, pathsPerClosure: 2_500 };
const DIMENSIONS = ["hosts", "generationsPerHost", "pathsPerClosure"] as const;

/** One plan in a process of its own. */
interface Measurement {
  /** Of the first call, as a nightly run makes only one. */
  readonly ms: number;
  /** Most resident memory that the process ever had (getrusage), Node and the input included. */
  readonly peakMib: number;
  /** The same, above what the process had before it built its input. */
  readonly grownMib: number;
}

const [size] = process.argv.slice(2);
if (size === undefined) await compare();
else console.log(JSON.stringify(measure(JSON.parse(size))));

function measure(fleetSize: FleetSize): Measurement {
  const idleMib = process.memoryUsage.rss() / MIB;
  const input = createFleet(fleetSize);
  const startedMs = performance.now();
  planRetention(input);
  const ms = performance.now() - startedMs;
  const peakMib = process.resourceUsage().maxRSS / KIB_PER_MIB;
  return { ms, peakMib, grownMib: peakMib - idleMib };
}

async function compare(): Promise<void> {
  printMachine();
  console.log(`planRetention, each plan in a process of its own, medians of ${ROUNDS}; memory is peak RSS:`);
  const base = await measureInChildren(BASE);
  print("base", BASE, base);
  for (const dimension of DIMENSIONS) {
    for (const factor of [2, 4]) {
      const larger = { ...BASE, [dimension]: BASE[dimension] * factor };
      const measured = await measureInChildren(larger);
      const time = (measured.ms / base.ms).toFixed(1);
      const memory = (measured.grownMib / base.grownMib).toFixed(1);
      print(`${factor} x ${dimension}`, larger, measured, `time x ${time}, memory x ${memory}`);
    }
  }
  const largest = await measureInChildren(LARGEST);
  const isMet = largest.ms < MAX_MS && largest.peakMib < MAX_MIB;
  print("largest", LARGEST, largest, `below ${MAX_MS} ms and ${MAX_MIB} MiB: ${isMet ? "yes" : "no"}`);
}

async function measureInChildren(fleetSize: FleetSize): Promise<Measurement> {
  const measurements: Measurement[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const argv = [...process.execArgv, import.meta.filename, JSON.stringify(fleetSize)];
    const { stdout } = await execa(process.execPath, argv);
    measurements.push(JSON.parse(stdout));
  }
  return {
    ms: median(measurements.map(({ ms }) => ms)),
    peakMib: median(measurements.map(({ peakMib }) => peakMib)),
    grownMib: median(measurements.map(({ grownMib }) => grownMib)),
  };
}

function print(name: string, fleet: FleetSize, { ms, peakMib, grownMib }: Measurement, note = ""): void {
  const { hosts, generationsPerHost, pathsPerClosure } = fleet;
  const what = `${hosts} hosts x ${generationsPerHost} x ${pathsPerClosure} paths`;
  const time = `${ms.toFixed(0).padStart(5)} ms`;
  const memory = `${peakMib.toFixed(0).padStart(4)} MiB (${grownMib.toFixed(0).padStart(3)} above idle)`;
  console.log(`  ${name.padEnd(24)}${what.padEnd(30)}${time} ${memory}  ${note}`.trimEnd());
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
