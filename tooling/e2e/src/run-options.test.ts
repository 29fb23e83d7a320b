import { readdir, readFile, rm } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { HOSTS, latestResults, latestRun, readText, siteForTest } from "./support/site-for-test.ts";

describe("nix-cache-builder run --host", () => {
  it("builds these hosts alone, and keeps what is published of the others", async () => {
    const site = await siteForTest(HOSTS, { builder: ["keepGenerations = 1", "graceHours = 0"] });
    await site.run();
    await site.fleet.commit({ nz: { text: "newer" }, "we.b": { text: "newer" } });

    const { exitCode } = await site.builder("run", "--host", "nz");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", configuredHosts: ["nz", "we.b"] });
    expect(latestResults(site)).toMatchObject([{ host: "nz", generation: 2 }]);
    expect([await readText(site, "nz"), await readText(site, "we.b")]).toEqual(["newer", "web"]);
  });

  it("takes several, separated by commas or repeated", async () => {
    const hosts = { a: { text: "a" }, b: { text: "b" }, c: { text: "c" }, d: { text: "d" } };
    const site = await siteForTest(hosts);

    await site.builder("run", "--host", "c,a", "--host", "b");

    expect(latestResults(site)?.map(({ host }) => host)).toEqual(["a", "b", "c"]);
  });

  it("refuses a host that is not configured before it does anything, with exit code 2", async () => {
    const site = await siteForTest();

    const { exitCode, stderr } = await site.builder("run", "--host", "nx");

    expect(exitCode).toBe(2);
    expect(stderr).toBe('nix-cache-builder: unknown host "nx": did you mean nz?');
    await expect(readdir(`${site.directory}/state`)).rejects.toThrow("ENOENT");
  });

  it("refuses a host that the flake does not have where every host of it is configured", async () => {
    const site = await siteForTest(HOSTS, { hosts: ["*"] });

    const { exitCode, stderr } = await site.builder("run", "--host", "web");

    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown host "web": did you mean we.b?');
    expect(latestRun(site)).toMatchObject({ configuredHosts: ["nz", "we.b"] });
  });
});

describe("nix-cache-builder run --no-sync", () => {
  it("builds what an earlier sync left, as a full success", async () => {
    const site = await siteForTest();
    const synced = await site.fleet.git("rev-parse", "HEAD");
    await site.run();
    await site.fleet.commit({ ...HOSTS, nz: { text: "newer" } });

    const { exitCode } = await site.builder("run", "--no-sync");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", revision: synced });
    expect(await readText(site, "nz")).toBe("nz");
  });

  it("needs an earlier sync, with exit code 69", async () => {
    const site = await siteForTest();

    const { exitCode, stderr } = await site.builder("run", "--no-sync");

    expect(exitCode).toBe(69);
    expect(stderr).toContain("there is nothing to build without a sync: there is no earlier checkout at");
  });
});

describe("nix-cache-builder run --no-update", () => {
  it("builds with the committed lock, as a full success", async () => {
    const site = await siteForTest();
    await site.run();
    const committed = await site.common.commitFile("text", "1");
    await site.run();
    const lock = await readFile(`${site.directory}/state/runs/${latestRun(site)?.id}/flake.lock`, "utf8");
    await site.fleet.commitFile("flake.lock", lock);
    await site.common.commitFile("text", "2");

    const { exitCode } = await site.builder("run", "--no-update");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "disabled" });
    expect(await readText(site, "nz")).toBe("nz1");
    const inputs = site.history((reader) => reader.lockInputs(latestRun(site)?.lockDigest ?? ""));
    expect(inputs).toMatchObject([{ name: "common", type: "git", rev: committed }]);
  });
});

describe("nix-cache-builder run --dry-run", () => {
  it("says what would be built, and leaves no trace of it", async () => {
    const site = await siteForTest();
    await site.builder("run", "--host", "nz");
    const before = latestRun(site);
    const revision = await site.fleet.commit({ ...HOSTS, "we.b": { text: "", fails: "evaluation" } });
    await rm(`${site.directory}/cache/we.b-result`, { force: true });

    const { exitCode, stdout } = await site.builder("run", "--dry-run", "--json");

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      revision,
      source: "synced",
      update: "updated",
      inputs: [{ name: "common", after: { rev: await site.common.git("rev-parse", "HEAD") } }],
      hosts: [
        { host: "nz", type: "planned", willBuild: [], downloadBytes: 0 },
        { host: "we.b", type: "failed", reason: expect.stringContaining("services.we.b") },
      ],
    });
    expect(latestRun(site)).toEqual(before);
    expect(await readdir(`${site.directory}/state/runs`)).toEqual([before?.id]);
  });

  it("lists for people what has to be built", async () => {
    const site = await siteForTest();

    const { stdout } = await site.builder("run", "--dry-run", "--host", "we.b");

    expect(stdout).toMatch(/^we\.b +2 +0 +0 B +0 B$/m);
    expect(stdout).toContain("To build for we.b:\n  shared\n  nixos-system-we.b\n".trimEnd());
    expect(site.history((reader) => reader.latestRun())).toBeUndefined();
  });
});
