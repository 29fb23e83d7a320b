import { appendFile, chmod, rename, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { HOSTS, latestRun, readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

async function gitStatus(site: Site): Promise<string> {
  const { stdout } = await execa("git", ["status", "--porcelain", "--ignored"], {
    cwd: `${site.directory}/state/flake`,
  });
  return stdout;
}

describe("the checkout", () => {
  it("is exactly the remote's revision after any damage", async () => {
    const site = await siteForTest();
    await site.run();
    const flake = `${site.directory}/state/flake`;
    await writeFile(`${flake}/.git/index.lock`, "");
    await writeFile(`${flake}/untracked`, "");
    await appendFile(`${flake}/flake.nix`, "# edited\n");
    await chmod(`${flake}/hosts.json`, 0o755);
    const revision = await site.fleet.commit({ ...HOSTS, nz: { text: "newer" } });

    await site.run();

    const head = await execa("git", ["rev-parse", "HEAD"], { cwd: flake });
    expect(await gitStatus(site)).toBe("");
    expect(head.stdout).toBe(revision);
    expect(await readText(site, "nz")).toBe("newer");
  });

  it("follows another branch and another repository", async () => {
    const site = await siteForTest();
    await site.run();
    await site.fleet.git("checkout", "--quiet", "-b", "dev");
    await site.fleet.commit({ ...HOSTS, nz: { text: "dev" } });
    await site.configure({ builder: ['flakeBranch = "dev"'] });
    await site.run();
    const textOfBranch = await readText(site, "nz");
    await rename(site.fleet.directory, `${site.directory}/moved`);
    await site.configure({ flakeRepo: `file://${site.directory}/moved` });

    await site.run();

    expect(textOfBranch).toBe("dev");
    expect(await readText(site, "nz")).toBe("nz");
    expect(await gitStatus(site)).toBe("");
  });

  it("serves when the remote is down, and the run is PARTIAL", async () => {
    const site = await siteForTest();
    await site.run();
    await rename(site.fleet.directory, `${site.directory}/away`);

    const { exitCode, stdout } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("sync failed: the previous checkout serves");
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL", syncState: "previous-checkout" });
  });

  it("serves when its address has a password and the remote is down", async () => {
    const site = await siteForTest(HOSTS);
    await site.run();
    // What a sync from this address would have left: the address without the password.
    const url = "http://127.0.0.1:9/fleet";
    await site.fleet.git("-C", `${site.directory}/state/flake`, "config", "remote.origin.url", url);
    await site.configure({ flakeRepo: "http://me:secret@127.0.0.1:9/fleet" });

    const { exitCode, stdout, stderr } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL", syncState: "previous-checkout" });
    expect(stdout + stderr).not.toContain("secret");
  });

  it("ends the run with 69 when there is none and the remote is down", async () => {
    const site = await siteForTest(HOSTS, { flakeRepo: "/nonexistent/flake" });

    const { exitCode, stderr } = await site.builder("run");

    expect(exitCode).toBe(69);
    expect(stderr).toContain("there is no earlier checkout");
    expect(latestRun(site)).toMatchObject({ status: "FAILED", syncState: "none" });
  });
});

describe("the inputs", () => {
  it("are updated for the run alone", async () => {
    const site = await siteForTest();
    await site.nix("nix", "flake", "lock", `git+file://${site.fleet.directory}`);
    await site.fleet.commitFile("hosts.json", JSON.stringify(HOSTS));
    await site.run();
    const before = await site.fleet.git("log", "--format=%H");
    await site.common.commitFile("text", "+input");

    await site.run();

    expect(await readText(site, "nz")).toBe("nz+input");
    expect(await site.fleet.git("log", "--format=%H", "--all")).toBe(before);
    expect(await site.fleet.git("status", "--porcelain")).toBe("");
    expect(await gitStatus(site)).toBe("");
  });

  it("stay as committed when the update fails, and the run is PARTIAL", async () => {
    const site = await siteForTest();
    await site.nix("nix", "flake", "lock", `git+file://${site.fleet.directory}`);
    await site.fleet.commitFile("hosts.json", JSON.stringify({ ...HOSTS, nz: { text: "newer" } }));
    await site.run();
    await site.common.git("branch", "--move", "gone");

    const { exitCode } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL", updateState: "failed" });
    expect(await readText(site, "nz")).toBe("newer");
  });

  it("are left alone when updateFlake is false", async () => {
    const site = await siteForTest(HOSTS, { builder: ["updateFlake = false"] });
    await site.nix("nix", "flake", "lock", `git+file://${site.fleet.directory}`);
    await site.fleet.commitFile("hosts.json", JSON.stringify(HOSTS));
    await site.common.commitFile("text", "+input");

    await site.run();

    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "disabled" });
    expect(await readText(site, "nz")).toBe("nz");
  });
});
