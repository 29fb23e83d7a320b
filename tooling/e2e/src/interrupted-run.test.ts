import { setTimeout } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { NIX_CONFIG } from "./support/command.ts";
import { ROOT } from "./support/places.ts";
import { latestRun, readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";
import { startProgram, type StartedProgram } from "./support/start-program.ts";

function startRun(site: Site, until: string): Promise<StartedProgram> {
  const program = `${ROOT}/tooling/bin/nix-cache-builder`;
  return startProgram({ argv: [program, "run", "--config", site.configFile], env: { NIX_CONFIG }, until });
}

describe("a run that is interrupted", () => {
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
});
