import { appendFile, symlink } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ROOT } from "./support/places.ts";
import { siteForTest } from "./support/site-for-test.ts";

describe("the configuration", () => {
  it("reports all its problems together, with exit code 78", async () => {
    const site = await siteForTest();
    await appendFile(site.configFile, 'prot = 1\nserve = "all"\n');

    const { exitCode, stderr } = await site.builder("run");

    expect(exitCode).toBe(78);
    expect(stderr).toContain("cacheServer.prot: unknown key");
    expect(stderr).toContain("cacheServer.serve: expected");
  });

  it("is the only thing that a wrong command line does not get to, with exit code 2", async () => {
    const site = await siteForTest();

    const { exitCode, stderr } = await site.builder("rnu");

    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean run?");
  });

  it("is followed from any directory and through a link to the command", async () => {
    const site = await siteForTest();
    const link = `${site.directory}/ncb`;
    await symlink(`${ROOT}/tooling/bin/nix-cache-builder`, link);

    const { stdout } = await execa(link, ["client-config", "--config", site.configFile], { cwd: "/" });

    expect(stdout).toContain(site.publicKey);
    expect(stdout).toContain("Nothing is published yet.");
  });
});

describe("check-config", () => {
  it("says in one line what a configuration asks for", async () => {
    const site = await siteForTest();

    const { exitCode, stderr, stdout } = await site.builder("check-config");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(
      /^\S+\/config\.toml: builds nz, we\.b of \S+, branch main, at \*-\*-\* 02:00:00; serves on port 0$/,
    );
  });

  it("says all that is wrong, for people and for scripts, with exit code 78", async () => {
    const site = await siteForTest();
    await appendFile(site.configFile, 'prot = 1\nserve = "all"\n');

    const { exitCode, stderr } = await site.builder("check-config");
    const { exitCode: jsonExitCode, stdout } = await site.builder("check-config", "--json");

    expect([exitCode, jsonExitCode]).toEqual([78, 78]);
    expect(stderr).toContain("cacheServer.prot: unknown key");
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{ key: "cacheServer.serve" }, { key: "cacheServer.prot" }],
    });
  });
});
