import { rm } from "node:fs/promises";

import { findGitLfs } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { HOSTS, latestRun, readText, siteForTest } from "./support/site-for-test.ts";

describe("a flake with files in Git LFS", () => {
  it("is built with their contents, night after night", async () => {
    const programs = await findGitLfs();
    const site = await siteForTest(HOSTS, { builder: ['gitEngine = "git"', "lfs = true"], programs });
    await site.fleet.git("config", "filter.lfs.clean", `${programs}/git-lfs clean -- %f`);
    await site.fleet.commitFile(".gitattributes", "hosts.json filter=lfs diff=lfs merge=lfs -text\n");
    await site.fleet.commit({ ...HOSTS, nz: { text: "large" } });
    const committed = await site.fleet.git("show", "HEAD:hosts.json");

    await site.run();
    const first = await readText(site, "nz");
    await site.fleet.commit({ ...HOSTS, nz: { text: "larger" } });
    await site.run();

    expect(committed).toMatch(/^version https:\/\/git-lfs\.github\.com\/spec\/v1/);
    expect([first, await readText(site, "nz")]).toEqual(["large", "larger"]);
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "updated" });
  });

  it("is not built from pointers where the contents are missing, and the previous result stays", async () => {
    const programs = await findGitLfs();
    const site = await siteForTest(HOSTS, { builder: ['gitEngine = "git"', "lfs = true"], programs });
    await site.run();
    await site.fleet.git("config", "filter.lfs.clean", `${programs}/git-lfs clean -- %f`);
    await site.fleet.commitFile(".gitattributes", "hosts.json filter=lfs diff=lfs merge=lfs -text\n");
    await site.fleet.commit({ ...HOSTS, nz: { text: "large" } });
    await rm(`${site.fleet.directory}/.git/lfs`, { recursive: true });

    const { exitCode, stdout } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("git lfs push --all");
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL" });
    expect(await readText(site, "nz")).toBe("nz");
  });
});
