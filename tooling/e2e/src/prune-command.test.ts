import { readdir, writeFile } from "node:fs/promises";
import process from "node:process";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { listLinks, liveNumbers, NO_GRACE, publishTexts, rootsOf } from "./support/generations.ts";
import { siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

/** Bytes that a generation with such a text takes on the disk, at least. */
const LARGE = 3_000_000;

/** A site with three generations, the oldest large. */
async function siteWithThree(): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
  await site.fleet.commit({ nz: { text: "1", megabytes: 3 } });
  await site.run();
  await publishTexts(site, "2", "3");
  return site;
}

/** Files, links and directories of a site's state, but for what a look changes. */
async function listState(site: Site): Promise<readonly string[]> {
  const { stdout } = await execa("find", ["cache", "state", "var", "store", "-printf", "%p %l %i %s %T@\n"], {
    cwd: site.directory,
  });
  return stdout.split("\n").filter((line) => !/^var\/nix\/(db|gc\.lock|gcroots |temproots)/.test(line));
}

async function diskBytes(site: Site): Promise<number> {
  const { stdout } = await execa("du", ["-sb", site.storeDir]);
  return Number.parseInt(stdout, 10);
}

/** Adds a file to the store; a root keeps it, or nothing does. */
async function addToStore(site: Site, name: string, root?: string): Promise<string> {
  const expression = `derivation { name = "${name}"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo ${name} > $out" ]; }`;
  const link = root === undefined ? ["--no-link"] : ["--out-link", root];
  const build = await site.nix("nix", "build", "--impure", "--expr", expression, "--json", ...link);
  const [{ outputs }]: [{ outputs: { out: string } }] = JSON.parse(build.stdout);
  return outputs.out;
}

describe("nix-cache-builder prune --dry-run", () => {
  it("says what would go and why, and changes nothing", async () => {
    const site = await siteWithThree();
    const before = await listState(site);

    const text = await site.builder("prune", "--dry-run", "--what-if", "keepGenerations=1");
    const json = await site.builder("prune", "--what-if", "keepGenerations=1", "--json");

    expect(text).toMatchObject({ exitCode: 0, stderr: "" });
    expect(text.stdout).toMatch(/^nz +1 .* drop +3\.\d\d MB +number 3 of its host, 1 are kept$/m);
    expect(text.stdout).toMatch(/^nz +3 .* keep +newest good generation of its host$/m);
    expect(text.stdout).toContain("Nothing was changed.");
    expect(JSON.parse(json.stdout)).toMatchObject({
      dryRun: true,
      generations: [
        { generation: 1, decision: "drop", reason: "excess" },
        { generation: 2, decision: "drop", reason: "excess" },
        { generation: 3, decision: "keep", reason: "newest-good" },
      ],
    });
    expect(await listState(site)).toEqual(before);
  });

  it("says that a command is at work, which this plan does not know of", async () => {
    const site = await siteWithThree();
    const holder = { pid: process.pid, command: "nix-cache-builder run", since: new Date().toISOString() };
    await writeFile(`${site.directory}/state/run.lock`, `${JSON.stringify(holder)}\n`);

    const { stdout } = await site.builder("prune", "--dry-run");

    expect(stdout).toContain('Note: "nix-cache-builder run" is at work: what it has done so far is not');
  });

  it("plans what prune then does", async () => {
    const site = await siteWithThree();
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 1"] });

    const dry = await site.builder("prune", "--dry-run", "--json");
    const wet = await site.builder("prune", "--json");

    const { generations, rootedBytesAfter } = JSON.parse(dry.stdout);
    expect(JSON.parse(wet.stdout)).toMatchObject({ generations, rootedBytesAfter });
    expect(liveNumbers(site)).toEqual([3]);
  });

  it("refuses limits that do not exist, and values that they cannot have", async () => {
    const site = await siteForTest({ nz: { text: "0" } });

    const unknown = await site.builder("prune", "--what-if", "keepGeneration=1");
    const negative = await site.builder("prune", "--what-if", "maxCacheSize=-1");

    expect(unknown).toMatchObject({ exitCode: 2, stdout: "" });
    expect(unknown.stderr).toContain("did you mean keepGenerations?");
    expect(negative).toMatchObject({ exitCode: 2, stdout: "" });
    expect(negative.stderr).toContain("expected maxCacheSize=N with a whole number, 0 or more");
  });
});

describe("nix-cache-builder prune", () => {
  it("deletes what only the dropped need: about the planned bytes, and nobody else's", async () => {
    const site = await siteWithThree();
    const garbage = await addToStore(site, "garbage");
    const rooted = await addToStore(site, "rooted", `${site.directory}/rooted`);
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 2"] });
    const before = await diskBytes(site);

    const { exitCode, stdout } = await site.builder("prune", "--json");

    const { collection } = JSON.parse(stdout);
    const freed = before - (await diskBytes(site));
    const others = await site.nix("nix-store", "--check-validity", garbage, rooted);
    expect(exitCode).toBe(0);
    expect(collection).toMatchObject({ mode: "targeted", deletedPaths: 1 });
    expect(collection.plannedBytes).toBeGreaterThanOrEqual(LARGE);
    expect(Math.abs(freed - collection.plannedBytes)).toBeLessThan(LARGE / 10);
    expect(others.exitCode).toBe(0);
    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-2", "nz-result-3"]);
  });

  it("waits collectGraceMinutes before it deletes", async () => {
    const site = await siteWithThree();
    const first = site.history((reader) => reader.generation("nz", 1)?.toplevel);
    await site.configure({ builder: ["graceHours = 0", "keepGenerations = 1", 'collect = "full"'] });
    await site.builder("prune");
    const early = await site.nix("nix-store", "--check-validity", String(first));
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 1", 'collect = "full"'] });

    await site.builder("prune");

    const late = await site.nix("nix-store", "--check-validity", String(first));
    expect(early.exitCode).toBe(0);
    expect(late.exitCode).not.toBe(0);
    expect(await readdir(rootsOf(site))).toEqual(["nz"]);
    expect(site.history((reader) => reader.collections(5))).toMatchObject([{ mode: "full" }]);
  });

  it('leaves deleting to the machine with collect = "none"', async () => {
    const site = await siteWithThree();
    const first = site.history((reader) => reader.generation("nz", 1)?.toplevel);
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 1", 'collect = "none"'] });
    await site.builder("prune");
    const left = await site.nix("nix-store", "--check-validity", String(first));
    await site.nix("nix-store", "--gc");

    await site.builder("prune");

    expect(left.exitCode).toBe(0);
    expect(site.history((reader) => reader.condemnedGenerations())).toEqual([]);
    expect(site.history((reader) => reader.generation("nz", 1)?.deletedAt)).toBeInstanceOf(Date);
  });

  it("keeps under the cap by dropping the oldest, and says when it cannot", async () => {
    const site = await siteWithThree();
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 0", "minFreeSpace = 1000000"] });

    const { exitCode, stdout } = await site.builder("prune");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("Too little free space: only protected generations are left.");
    expect(liveNumbers(site)).toEqual([3]);
    expect(site.history((reader) => reader.latestUsage())).toMatchObject({
      underMinFree: true,
      overCap: false,
    });
  });
});
