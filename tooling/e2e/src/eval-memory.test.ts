import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { describe, expect, it, vi } from "vitest";

import { latestResults, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

const HOSTS = { a: { text: "a" }, hungry: { text: "", fails: "evaluation" }, z: { text: "z" } } as const;

/** What a host that must fail does in place of failing at once. */
const FAILING = /throw "option services\.[^"]*"/;
const HUNGRY = 'builtins.deepSeq (builtins.genList (x: builtins.genList (y: x * y) 1000) 1000000) ""';
/** Minutes of work that need no memory. */
const ENDLESS =
  "let sum = builtins.foldl' (a: b: a + b) 0; in sum (builtins.genList (x: sum (builtins.genList (y: x) 10000)) 1000000)";

async function siteWhereOne(does: string, builder: readonly string[]): Promise<Site> {
  const site = await siteForTest(HOSTS, { builder });
  const flake = await readFile(`${site.fleet.directory}/flake.nix`, "utf8");
  await site.fleet.commitFile("flake.nix", flake.replace(FAILING, does));
  return site;
}

/** The process that evaluates the host of a site. */
function findEvaluation({ directory }: Site): number | undefined {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    const words = readWords(pid);
    return (
      words.includes("eval") && words.some((word) => word.includes(directory) && word.includes("hungry"))
    );
  });
  return found === undefined ? undefined : Number(found);
}

function readWords(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It has just ended.
    return [];
  }
}

describe("the memory that an evaluation may take", () => {
  it("is a limit for each host: one that wants more fails alone, and the others are published", async () => {
    const site = await siteWhereOne(HUNGRY, ["evalMemory = 1"]);

    const { exitCode } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(latestResults(site)).toMatchObject([
      { host: "a", state: "published" },
      {
        host: "hungry",
        state: "failed",
        failedStep: "evaluate",
        failureClass: "ERR_NIX_MEMORY",
        reason: "the evaluation took more than 1 GB (builder.evalMemory)",
      },
      { host: "z", state: "published" },
    ]);
  });

  it("may be all that there is: a host whose evaluation the kernel kills fails alone, too", async () => {
    const site = await siteWhereOne(ENDLESS, []);
    const run = site.builder("run");
    const evaluation = await vi.waitUntil(() => findEvaluation(site), { timeout: 60_000, interval: 50 });

    // As the kernel does.
    process.kill(evaluation, "SIGKILL");

    expect((await run).exitCode).toBe(0);
    expect(latestResults(site)).toMatchObject([
      { host: "a", state: "published" },
      {
        host: "hungry",
        state: "failed",
        failedStep: "evaluate",
        failureClass: "ERR_NIX_KILLED",
        reason: "nix eval was killed, most likely for want of memory",
      },
      { host: "z", state: "published" },
    ]);
  });
});
