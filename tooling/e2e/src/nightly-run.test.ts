import { appendFile, chmod, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import type { HostResult, Run } from "@nix-cache/history";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { NIX_CONFIG } from "./support/command.ts";
import type { FleetHosts } from "./support/fleet.ts";
import { ROOT } from "./support/places.ts";
import { createSite, type Site, type SiteChanges } from "./support/site.ts";
import { startProgram, type StartedProgram } from "./support/start-program.ts";

const HOSTS = { nz: { text: "nz" }, "we.b": { text: "web" } } as const;

async function siteForTest(hosts: FleetHosts = HOSTS, changes: SiteChanges = {}): Promise<Site> {
  const site = await createSite(hosts, changes);
  onTestFinished(() => site[Symbol.asyncDispose]());
  return site;
}

async function readText(site: Site, host: string): Promise<string> {
  return readFile(`${await site.toplevel(host)}/text`, "utf8");
}

function startRun(site: Site, until: string): Promise<StartedProgram> {
  const program = `${ROOT}/tooling/bin/nix-cache-builder`;
  return startProgram({ argv: [program, "run", "--config", site.configFile], env: { NIX_CONFIG }, until });
}

function latestRun(site: Site): Run | undefined {
  return site.history((reader) => reader.latestRun());
}

function latestResults(site: Site): readonly HostResult[] | undefined {
  return site.history((reader) => reader.hostResults(reader.latestRun()?.id ?? ""));
}

async function gitStatus(site: Site): Promise<string> {
  const { stdout } = await execa("git", ["status", "--porcelain", "--ignored"], {
    cwd: `${site.directory}/state/flake`,
  });
  return stdout;
}

describe("nix-cache-builder run", () => {
  it("records revision, lock, hosts and timings for every reader", async () => {
    const site = await siteForTest();

    await site.run();

    const run = latestRun(site);
    const revision = await site.fleet.git("rev-parse", "HEAD");
    expect(run).toMatchObject({ status: "SUCCESS", revision, syncState: "synced", updateState: "updated" });
    expect(run?.lockDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(latestResults(site)).toMatchObject([
      { host: "nz", state: "published", generation: 1, toplevel: await site.toplevel("nz") },
      { host: "we.b", state: "published", generation: 1, toplevel: await site.toplevel("we.b") },
    ]);
    expect(
      site
        .history((reader) => reader.steps(run?.id ?? ""))
        ?.map(({ name }) => name)
        .join(" "),
    ).toBe("sync update evaluate build sign publish evaluate build sign publish retain");
  });

  it("puts back the links and the root of what is published", async () => {
    const site = await siteForTest();
    await site.run();
    const toplevel = await site.toplevel("nz");
    await site.fleet.commit({
      nz: { text: "", fails: "evaluation" },
      "we.b": { text: "", fails: "evaluation" },
    });
    await rm(`${site.directory}/cache`, { recursive: true });
    await rm(`${site.directory}/var/nix/gcroots/nix-cache-builder`, { recursive: true });

    await site.builder("run");
    await site.nix("nix-store", "--gc");

    expect(await site.toplevel("nz")).toBe(toplevel);
    expect(await readText(site, "nz")).toBe("nz");
  });

  it("makes no new generation of what has not changed, and one of what has", async () => {
    const site = await siteForTest();
    await site.run();
    await site.run();
    await site.fleet.commit({ ...HOSTS, nz: { text: "newer" } });

    await site.run();

    const numbers = (host: string) =>
      site.history((reader) => reader.generations(host).map(({ number }) => number));
    expect(numbers("nz")).toEqual([2, 1]);
    expect(numbers("we.b")).toEqual([1]);
    expect(await readText(site, "nz")).toBe("newer");
  });

  it("serves the other hosts, and the previous result of those that fail", async () => {
    const good = { ok: { text: "ok" }, evalfail: { text: "before" }, buildfail: { text: "before" } };
    const site = await siteForTest(good);
    await site.run();
    await site.fleet.commit({
      ok: { text: "new" },
      evalfail: { text: "new", fails: "evaluation" },
      buildfail: { text: "new", fails: "build" },
    });

    const { exitCode } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL" });
    expect(latestResults(site)).toMatchObject([
      { host: "buildfail", state: "failed", failedStep: "build", failureClass: "builder" },
      { host: "evalfail", state: "failed", failedStep: "evaluate", failureClass: "ERR_NIX_EVAL" },
      { host: "ok", state: "published", generation: 2 },
    ]);
    expect(await Promise.all(["ok", "evalfail", "buildfail"].map((host) => readText(site, host)))).toEqual([
      "new",
      "before",
      "before",
    ]);
  });

  it("keeps the log of each host", async () => {
    const site = await siteForTest({ nz: { text: "nz", fails: "build" } });

    const { exitCode } = await site.builder("run");

    const run = latestRun(site);
    const log = await execa("node", [
      "--input-type=module",
      "--eval",
      'import { readFileSync } from "node:fs"; import { zstdDecompressSync } from "node:zlib"; process.stdout.write(zstdDecompressSync(readFileSync(process.argv[1])))',
      `${site.directory}/state/runs/${run?.id}/nz.log.zst`,
    ]);
    expect(exitCode).toBe(1);
    expect(run).toMatchObject({ status: "FAILED" });
    expect(log.stdout).toContain("nixos-system-nz> giving up on nz");
  });

  it("leaves what is published in place when it cannot sign, and resumes once it can", async () => {
    const site = await siteForTest();
    await site.run();
    await site.fleet.commit({ nz: { text: "newer" }, "we.b": { text: "newer" } });
    await rename(`${site.directory}/key`, `${site.directory}/key.away`);

    const { exitCode } = await site.builder("run");
    const unsigned = latestResults(site);
    await site.nix("nix-store", "--gc");
    const textMeanwhile = await readText(site, "nz");
    await rename(`${site.directory}/key.away`, `${site.directory}/key`);
    await site.run();

    expect(exitCode).toBe(1);
    expect(unsigned).toMatchObject([{ failedStep: "sign" }, { failedStep: "sign" }]);
    expect(textMeanwhile).toBe("nz");
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS" });
    expect(await readText(site, "nz")).toBe("newer");
  });

  it("lets one run at a time, and says who holds the lock", async () => {
    const site = await siteForTest();

    const ends = await Promise.all([site.builder("run"), site.builder("run")]);

    const refused = ends.find(({ exitCode }) => exitCode !== 0);
    expect(new Set(ends.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 75]));
    expect(refused?.stderr).toMatch(
      /^nix-cache-builder: "nix-cache-builder run" \(process \d+\) holds the run lock since 20\S+Z/,
    );
  });

  it("ends in order when it is stopped in the middle of a build", async () => {
    const site = await siteForTest({ nz: { text: "nz", fails: "never ends" } });
    const { child, ended } = await startRun(site, "inputs updated");
    await setTimeout(1500);
    child.kill("SIGTERM");

    const { exitCode, stderr } = await ended;

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "nix-cache-builder: stopped by SIGTERM\n" });
    expect(latestRun(site)).toMatchObject({ status: "FAILED", reason: "stopped by SIGTERM" });
  });

  it.each([200, 400, 600, 800, 1000, 1200])(
    "loses nothing that is published when it is killed after %i ms",
    async (delayMs) => {
      const site = await siteForTest();
      await site.run();
      await site.fleet.commit({ nz: { text: "newer" }, "we.b": { text: "newer" } });
      const { child, ended } = await startRun(site, "run started");
      await setTimeout(delayMs);
      child.kill("SIGKILL");
      await ended;

      const collection = await site.nix("nix-store", "--gc");
      const textsMeanwhile = await Promise.all(["nz", "we.b"].map((host) => readText(site, host)));
      await site.run();

      expect(collection.exitCode).toBe(0);
      expect(textsMeanwhile.every((text) => ["nz", "web", "newer"].includes(text))).toBe(true);
      expect(await readText(site, "nz")).toBe("newer");
      expect(site.history((reader) => reader.generations("nz").length)).toBeLessThanOrEqual(3);
    },
  );

  it("reports a run that was killed, and does its work", async () => {
    const site = await siteForTest();
    const { child, ended } = await startRun(site, "run started");
    child.kill("SIGKILL");
    await ended;

    await site.run();

    expect(site.history((reader) => reader.runs(2))).toMatchObject([
      { status: "SUCCESS" },
      { status: "KILLED" },
    ]);
  });

  it("builds every host of the flake that this machine can build, when asked to", async () => {
    const site = await siteForTest(
      { ...HOSTS, pi: { text: "pi", system: "riscv64-linux" } },
      { hosts: ["*"] },
    );

    await site.run();

    expect(latestRun(site)).toMatchObject({ status: "SUCCESS" });
    expect(site.history((reader) => reader.newestGenerations())).toMatchObject([
      { host: "nz" },
      { host: "we.b" },
    ]);
  });
});

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
