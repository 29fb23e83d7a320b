import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { latestResults, siteForTest } from "./support/site-for-test.ts";

/** What a host that must fail does in place of failing at once. */
const FAILING = /throw "option services\.[^"]*"/;
const HUNGRY = 'builtins.deepSeq (builtins.genList (x: builtins.genList (y: x * y) 1000) 1000000) ""';

describe("the memory that an evaluation may take", () => {
  it("is a limit for each host: one that wants more fails alone, and the others are published", async () => {
    const hosts = { a: { text: "a" }, hungry: { text: "", fails: "evaluation" }, z: { text: "z" } } as const;
    const site = await siteForTest(hosts, { builder: ["evalMemory = 1"] });
    const flake = await readFile(`${site.fleet.directory}/flake.nix`, "utf8");
    await site.fleet.commitFile("flake.nix", flake.replace(FAILING, HUNGRY));

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
});
