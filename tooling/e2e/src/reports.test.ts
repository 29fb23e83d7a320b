import { readFile, rm, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "./support/places.ts";
import { HOSTS, latestRun, siteForTest } from "./support/site-for-test.ts";
import { createSite, type Site } from "./support/site.ts";

const FAILING = { nz: { text: "newer" }, "we.b": { text: "", fails: "build" } } as const;

/** For the tests that only look. */
let failed: Site;

beforeAll(async () => {
  failed = await createSite(HOSTS);
  await failed.run();
  await failed.fleet.commit(FAILING);
  await failed.run();
});

afterAll(async () => {
  await failed[Symbol.asyncDispose]();
});

describe("nix-cache-builder status", () => {
  it("says before the first run what to do", async () => {
    const site = await siteForTest();

    const { exitCode, stdout } = await site.builder("status");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("nothing has run yet: start a first run: nix-cache-builder run");
    expect(JSON.parse((await site.builder("status", "--json")).stdout)).toMatchObject({
      health: "new",
      healthy: false,
      hosts: [{ host: "nz" }, { host: "we.b" }],
    });
  });

  it("tells what is served, what changed, and what failed and why", async () => {
    const { stdout } = await failed.builder("status", "--json");

    expect(JSON.parse(stdout)).toMatchObject({
      health: "degraded",
      problems: [{ code: "hosts-failed", text: expect.stringContaining("we.b") }],
      lastRun: { status: "PARTIAL", revision: await failed.fleet.git("rev-parse", "HEAD") },
      nextRun: { at: expect.stringMatching(/^20/) },
      hosts: [
        { host: "nz", configured: true, generation: { number: 2, changes: expect.any(String) } },
        {
          host: "we.b",
          generation: { number: 1 },
          lastResult: { state: "failed", failedStep: "build", failureClass: "builder" },
        },
      ],
      disk: { capBytes: 200e9, usedBytes: expect.any(Number), freeBytes: expect.any(Number) },
    });
  });

  it("is healthy after a success, and fits a screen", async () => {
    const site = await siteForTest();
    await site.run();

    const { stdout } = await site.builder("status");

    expect(stdout).toMatch(/^Cache +healthy$/m);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(24);
  });

  it("tells that a run was killed", async () => {
    const site = await siteForTest();
    await site.run();
    const holder = { pid: 4_194_305, command: "nix-cache-builder run", since: "2026-11-22T02:00:00.000Z" };
    await writeFile(`${site.directory}/state/run.lock`, `${JSON.stringify(holder)}\n`);

    const { stdout } = await site.builder("status", "--json");

    expect(JSON.parse(stdout)).toMatchObject({
      health: "degraded",
      problems: [{ code: "run-killed" }],
      lock: { isRunning: false },
    });
  });
});

describe("nix-cache-builder history, log and lock", () => {
  it("list the runs, the newest first, and what happened to a host", async () => {
    const runs = JSON.parse((await failed.builder("history", "--json")).stdout);
    const host = JSON.parse((await failed.builder("history", "we.b", "--limit", "1", "--json")).stdout);

    expect(runs).toMatchObject({
      runs: [
        { status: "PARTIAL", hosts: [{ state: "published" }, { state: "failed" }] },
        { status: "SUCCESS" },
      ],
    });
    expect(host).toMatchObject({
      host: "we.b",
      results: [{ state: "failed" }],
      generations: [{ number: 1 }],
    });
  });

  it("show the steps of a run with why a host failed", async () => {
    const { stdout } = await failed.builder("log");

    expect(stdout).toMatch(/^\d\d:\d\d:\d\d +build +we\.b +\S+ s +failed$/m);
    expect(stdout).toMatch(/^we\.b: build failed \(builder\)\n {2}\S/m);
  });

  it("print what the builders of a host said", async () => {
    const { exitCode, stdout } = await failed.builder("log", "we.b");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("nixos-system-we.b> giving up on we.b");
  });

  it("show what a run before that said, and say why there is no log", async () => {
    const site = await siteForTest();
    await site.run();
    const first = latestRun(site)?.id ?? "";
    await site.fleet.commit({ ...HOSTS, nz: { text: "", fails: "evaluation" } });
    await site.run();

    expect((await site.builder("log", "nz", "--run", first)).stdout).toContain("nixos-system-nz");
    expect(await site.builder("log", "nz")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("its evaluation failed: "),
    });
  });

  it("print what is there of a log that breaks off", async () => {
    const site = await siteForTest();
    await site.run();
    const file = `${site.directory}/state/runs/${latestRun(site)?.id}/nz.log.zst`;
    await writeFile(file, (await readFile(file)).subarray(0, -4));

    const { exitCode, stderr } = await site.builder("log", "nz");

    expect(exitCode).toBe(0);
    expect(stderr).toContain("the log breaks off here");
  });

  it("show which revisions of the inputs a run built with, and the lock itself", async () => {
    const site = await siteForTest();
    await site.run();

    const lock = JSON.parse((await site.builder("lock", "--json")).stdout);
    const raw = JSON.parse((await site.builder("lock", "--raw")).stdout);

    const rev = await site.common.git("rev-parse", "HEAD");
    expect(lock).toMatchObject({ updateState: "updated", inputs: [{ name: "common", rev }] });
    expect(raw).toMatchObject({ version: 7, nodes: { common: { locked: { rev } } } });
  });
});

describe("nix-cache-builder diff", () => {
  it("compares the newest generation with the one before, and any two of them", async () => {
    const site = await siteForTest();
    for (const text of ["1", "2", "3"]) {
      await site.fleet.commit({ ...HOSTS, nz: { text } });
      await site.run();
    }

    const newest = JSON.parse((await site.builder("diff", "nz", "--json")).stdout);
    const back = JSON.parse((await site.builder("diff", "nz", "3", "1", "--json")).stdout);
    const markdown = await site.builder("diff", "nz", "--markdown");

    expect(newest).toMatchObject({ host: "nz", from: 2, to: 3, diff: { formatVersion: 1 } });
    expect(back).toMatchObject({ from: 3, to: 1, diff: { before: newest.diff.after } });
    expect(markdown.stdout).toContain("**Size**");
  });

  it("says that a generation is gone, or never was", async () => {
    const site = await siteForTest();
    for (const text of ["1", "2"]) {
      await site.fleet.commit({ ...HOSTS, nz: { text } });
      await site.run();
    }
    await rm(`${site.directory}/var/nix/gcroots/nix-cache-builder/nz/1`);
    await site.nix("nix-store", "--gc");

    const gone = await site.builder("diff", "nz", "2", "1");
    const never = await site.builder("diff", "nz", "7");

    expect(gone).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("generation 1 is not in the store any more"),
    });
    expect(never).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no generation "7": there are 2, 1'),
    });
  });
});

describe("what commands print", () => {
  it("has colors on a terminal alone, and not with NO_COLOR", async () => {
    const site = await siteForTest();
    await site.run();
    const program = `${ROOT}/tooling/bin/nix-cache-builder status --config ${site.configFile}`;
    const onTerminal = (env: Readonly<Record<string, string>>): Promise<{ stdout: string }> =>
      execa("script", ["--quiet", "--return", "--command", program, "/dev/null"], {
        // Node takes the terminal of a machine for continuous integration for one without colors.
        env: { TERM: "xterm", CI: undefined, NO_COLOR: undefined, ...env },
        extendEnv: true,
        stdin: "ignore",
      });

    expect((await onTerminal({})).stdout).toContain("\u001b[32mhealthy");
    expect((await onTerminal({ NO_COLOR: "1" })).stdout).toMatch(/Cache +healthy\r?\n/);
    expect((await site.builder("status")).stdout).not.toContain("\u001b");
  });

  it("may be cut short by who reads it", async () => {
    const site = await siteForTest();
    await site.run();
    const log = `${site.directory}/state/runs/${latestRun(site)?.id}/nz.log.zst`;
    await execa("node", ["--eval", WRITE_LONG_LOG, log]);
    const command = `${ROOT}/tooling/bin/nix-cache-builder log nz --config ${site.configFile} | head -1`;

    const { stderr, stdout } = await execa("bash", ["-c", `set -o pipefail; ${command}`]);

    expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "a line of a long log" });
  });

  it("names what cannot be read in one line", async () => {
    const site = await siteForTest();
    await site.run();
    await writeFile(`${site.directory}/state/history.public.sqlite`, "no database");

    const { exitCode, stderr } = await site.builder("history");

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^nix-cache-builder: cannot read .*history\.public\.sqlite: [^\n]*$/);
  });
});

const WRITE_LONG_LOG = `
  const { writeFileSync } = require("node:fs");
  const { zstdCompressSync } = require("node:zlib");
  writeFileSync(process.argv[1], zstdCompressSync("a line of a long log\\n".repeat(500_000)));
`;
