import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dumpPath } from "@nix-cache/nar/fs";
import { execa } from "execa";

import { printMachine } from "./print-machine.ts";

const ROUNDS = 9;
const MIB = 2 ** 20;

const LARGE_FILE_MIB = 1024;
const DIRECTORIES = 400;
const FILES_PER_DIRECTORY = 50;

/** Sizes of small files run through 0 to this, much as in a store path of scripts and headers. */
const MAX_SMALL_FILE_BYTES = 6000;

interface Case {
  readonly name: string;
  readonly path: string;
}

const directory = await mkdtemp(join(tmpdir(), "nar-dump-bench-"));
try {
  printMachine();
  await compare({ name: `one file of ${LARGE_FILE_MIB} MiB`, path: await makeLargeFile() });
  await compare({ name: `${DIRECTORIES * FILES_PER_DIRECTORY} small files`, path: await makeTree() });
} finally {
  await rm(directory, { recursive: true });
}

async function makeLargeFile(): Promise<string> {
  const path = join(directory, "large");
  await using file = await open(path, "wx");
  for (let i = 0; i < LARGE_FILE_MIB; i++) await file.writeFile(Buffer.alloc(MIB, i));
  return path;
}

async function makeTree(): Promise<string> {
  const root = join(directory, "tree");
  for (let d = 0; d < DIRECTORIES; d++) {
    await mkdir(join(root, `d${d}`), { recursive: true });
    for (let f = 0; f < FILES_PER_DIRECTORY; f++) {
      const size = (d * 13 + f * 97) % MAX_SMALL_FILE_BYTES;
      await writeFile(join(root, `d${d}`, `f${f}`), Buffer.alloc(size, f));
    }
  }
  return root;
}

/** Runs both alternately, so that whatever else the machine does falls on both; prints medians and their ratio. */
async function compare({ name, path }: Case): Promise<void> {
  const bytes = await dumpWithUs(path);
  await dumpWithNix(path);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timeMs(() => dumpWithUs(path)));
    theirs.push(await timeMs(() => dumpWithNix(path)));
  }
  const [oursMs, theirsMs] = [median(ours), median(theirs)];
  console.log(`${name}, NAR of ${(bytes / MIB).toFixed(1)} MiB, medians of ${ROUNDS} rounds:`);
  console.log(`  dumpPath          ${formatRate(bytes, oursMs)}`);
  console.log(`  nix-store --dump  ${formatRate(bytes, theirsMs)}`);
  console.log(`  ratio             ${(theirsMs / oursMs).toFixed(2)} (above 1: dumpPath is faster)`);
}

async function dumpWithUs(path: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of dumpPath(path)) bytes += chunk.length;
  return bytes;
}

async function dumpWithNix(path: string): Promise<void> {
  await execa("nix-store", ["--dump", path], { env: privateStore(), stdout: "ignore" });
}

/** nix-store opens a store even to dump a path; this one goes with the benchmark's directory. */
function privateStore(): NodeJS.ProcessEnv {
  return {
    HOME: directory,
    NIX_STORE_DIR: join(directory, "nix/store"),
    NIX_STATE_DIR: join(directory, "nix/state"),
    NIX_LOCALSTATE_DIR: join(directory, "nix/state"),
    NIX_LOG_DIR: join(directory, "nix/log"),
    NIX_CONF_DIR: join(directory, "nix/conf"),
    NIX_REMOTE: "",
  };
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function formatRate(bytes: number, ms: number): string {
  return `${ms.toFixed(0).padStart(5)} ms ${((bytes / MIB / ms) * 1000).toFixed(0).padStart(6)} MiB/s`;
}
