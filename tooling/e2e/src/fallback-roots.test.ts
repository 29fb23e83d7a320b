import { chmod, chown, mkdir, readdir, readlink } from "node:fs/promises";
import { dirname } from "node:path";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { listLinks, NO_GRACE, publishTexts, readLinkedTexts, rootsOf } from "./support/generations.ts";
import { startServer } from "./support/server.ts";
import { siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

/** nobody of most systems; run as root, the builder goes on as the owner of stateDir. */
const SERVICE_USER = 65_534;
const isRoot = process.getuid?.() === 0;

/** A site whose builder is no root, and may not write to rootsDir. */
async function siteWithForeignRoots(): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
  for (const name of ["cache", "state", "store"]) await mkdir(`${site.directory}/${name}`);
  await mkdir(rootsOf(site), { recursive: true });
  if (isRoot) {
    await chown(site.directory, SERVICE_USER, SERVICE_USER);
    // Not the repository: git refuses one of another user, and this process commits to it.
    const names = ["cache", "common", "home", "key", "state", "store", "var"];
    await execa("chown", ["-R", `${SERVICE_USER}:${SERVICE_USER}`, ...names], { cwd: site.directory });
    await chown(rootsOf(site), 0, 0);
  } else {
    await chmod(rootsOf(site), 0o555);
  }
  return site;
}

async function makeRootsWritable(site: Site): Promise<void> {
  await (isRoot ? chown(rootsOf(site), SERVICE_USER, SERVICE_USER) : chmod(rootsOf(site), 0o755));
}

async function readRootDir(site: Site): Promise<string> {
  return dirname(await readlink(`${site.directory}/cache/nz-result`));
}

async function isServed(site: Site): Promise<boolean> {
  await using server = await startServer(site.configFile);
  const hashPart = (await site.toplevel("nz")).slice(site.storeDir.length + 1).split("-", 1)[0];
  return (await fetch(`${server.url}/${hashPart}.narinfo`)).ok;
}

describe("a directory of GC roots that cannot be written", () => {
  it("has another stand in for it, which keeps and serves the same", async () => {
    const site = await siteWithForeignRoots();

    await publishTexts(site, "1");
    const { stdout } = await site.builder("run");
    await site.nix("nix-store", "--gc");

    const warnings = stdout.split("\n").filter((line) => line.includes("rootsDir cannot be written"));
    expect(warnings).toHaveLength(1);
    expect(await readRootDir(site)).toBe(`${site.directory}/state/gcroots/nz`);
    expect(await readLinkedTexts(site)).toEqual(["1", "1"]);
    expect(await isServed(site)).toBe(true);
  });

  it("has everything once it can be written again", async () => {
    const site = await siteWithForeignRoots();
    await publishTexts(site, "1", "2");
    await makeRootsWritable(site);

    const { exitCode } = await site.builder("prune");
    await site.nix("nix-store", "--gc");

    expect(exitCode).toBe(0);
    expect(await readRootDir(site)).toBe(`${rootsOf(site)}/nz`);
    expect(await readdir(`${rootsOf(site)}/nz`)).toEqual(["1", "2"]);
    expect(await readdir(`${site.directory}/state`)).not.toContain("gcroots");
    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-1", "nz-result-2"]);
    expect(await readLinkedTexts(site)).toEqual(["2", "1", "2"]);
    expect(await isServed(site)).toBe(true);
  });
});
