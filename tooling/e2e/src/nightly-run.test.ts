import { rename, rm } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { HOSTS, latestResults, latestRun, readText, siteForTest } from "./support/site-for-test.ts";

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
    const reason = expect.stringContaining(`the signing key cannot be used: ${site.directory}/key: ENOENT`);
    expect(unsigned).toMatchObject([
      { failedStep: "sign", reason },
      { failedStep: "sign", reason },
    ]);
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
