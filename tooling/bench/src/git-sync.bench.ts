import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { syncRepository } from "@nix-cache/gitsync";
import type { EngineName } from "@nix-cache/gitsync";
import { execa } from "execa";

import { printMachine } from "./print-machine.ts";

const ROUNDS = 5;

/** 512 files of 100 KiB that cannot be compressed: a pack of 50 MiB. */
const FILES = 512;
const FILE_BYTES = 102_400;

/** A way to have a repository's branch in a directory; called again, it finds that nothing is new. */
interface Contender {
  readonly name: string;
  readonly sync: (directory: string) => Promise<unknown>;
}

const directory = await mkdtemp(join(tmpdir(), "git-sync-bench-"));
try {
  const url = await makeRepository();
  const contenders = [realGit(url), ours(url, "isomorphic"), ours(url, "git")];
  printMachine();
  await compare(contenders);
} finally {
  await rm(directory, { recursive: true });
}

async function makeRepository(): Promise<string> {
  const root = join(directory, "upstream");
  await mkdir(root);
  for (let index = 0; index < FILES; index++) {
    await writeFile(join(root, `file-${index}.bin`), randomBytes(FILE_BYTES));
  }
  await git("init", "--quiet", "--initial-branch=main", root);
  await git("-C", root, "add", "--all");
  await git("-C", root, "commit", "--quiet", "--message", "files");
  await git("-C", root, "repack", "-a", "-d", "--quiet");
  return pathToFileURL(root).href;
}

function ours(url: string, engine: EngineName): Contender {
  return {
    name: `syncRepository, ${engine}`,
    sync: (target) =>
      syncRepository({ url, branch: "main", directory: target, engine, env: gitEnvironment() }),
  };
}

/** What a script would do: clone at first, then fetch and reset. */
function realGit(url: string): Contender {
  return {
    name: "git clone / git fetch",
    async sync(target) {
      if (existsSync(target)) {
        await git("-C", target, "fetch", "--quiet", "origin", "main");
        await git("-C", target, "reset", "--quiet", "--hard", "FETCH_HEAD");
      } else {
        await git("clone", "--quiet", "--single-branch", url, target);
      }
    },
  };
}

/** Takes turns, so that whatever else the machine does falls on all; prints medians and their ratios. */
async function compare(contenders: readonly Contender[]): Promise<void> {
  const clones = new Map<Contender, number[]>();
  const repeats = new Map<Contender, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      const target = join(directory, "checkout");
      add(clones, contender, await timeMs(() => contender.sync(target)));
      add(repeats, contender, await timeMs(() => contender.sync(target)));
      await rm(target, { recursive: true });
    }
  }
  const mib = ((FILES * FILE_BYTES) / 2 ** 20).toFixed(0);
  print(`first sync of ${mib} MiB`, contenders, clones);
  print("sync without news", contenders, repeats);
}

function add(times: Map<Contender, number[]>, contender: Contender, ms: number): void {
  times.set(contender, [...(times.get(contender) ?? []), ms]);
}

function print(
  what: string,
  contenders: readonly Contender[],
  times: ReadonlyMap<Contender, number[]>,
): void {
  const medians = contenders.map((contender) => median(times.get(contender) ?? []));
  const [reference = Number.NaN] = medians;
  console.log(`${what}, medians of ${ROUNDS} rounds:`);
  for (const [index, { name }] of contenders.entries()) {
    const ms = medians[index] ?? Number.NaN;
    const ratio = (ms / reference).toFixed(2);
    console.log(`  ${name.padEnd(26)}${ms.toFixed(0).padStart(6)} ms  ratio ${ratio} (1: as the real git)`);
  }
}

async function git(...args: readonly string[]): Promise<void> {
  await execa("git", args, { env: gitEnvironment(), extendEnv: false });
}

function gitEnvironment(): Record<string, string> {
  const author = { GIT_AUTHOR_NAME: "Bench", GIT_AUTHOR_EMAIL: "bench@example.org" };
  const committer = { GIT_COMMITTER_NAME: "Bench", GIT_COMMITTER_EMAIL: "bench@example.org" };
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: directory, ...author, ...committer };
}

async function timeMs(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
