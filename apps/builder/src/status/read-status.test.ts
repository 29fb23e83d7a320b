import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { parseConfig } from "@nix-cache/config";
import { openHistory } from "@nix-cache/history";
import { describe, expect, it, onTestFinished } from "vitest";

import type { BuilderMachineConfig } from "../load-config.ts";
import { withRunLock } from "../run-lock.ts";
import { readStatus } from "./read-status.ts";

const STARTED = new Date(2026, 10, 22, 2, 3);
const FINISHED = new Date(2026, 10, 22, 2, 15);

async function machineForTest(hosts: readonly string[] = ["nz", "we.b"]): Promise<BuilderMachineConfig> {
  const stateDir = await mkdtemp(`${tmpdir()}/status-`);
  onTestFinished(() => rm(stateDir, { recursive: true }));
  await mkdir(`${stateDir}/store`);
  const text = JSON.stringify({
    nix: { storeDir: `${stateDir}/store` },
    builder: { flakeRepo: "/srv/flake", hosts, stateDir, buildSchedule: "daily", buildTime: "02:00" },
  });
  const { builder, ...config } = parseConfig(text, { format: "json" });
  if (builder === undefined) throw new Error("expected a builder section");
  return { ...config, builder };
}

/** Records one night: nz is published, we.b was published and failed. */
function recordNight({ builder }: BuilderMachineConfig): void {
  using history = openHistory(`${builder.stateDir}/history.sqlite`, { now: STARTED });
  const run = history.startRun({ startedAt: STARTED, branch: "main", flakeUrl: "/srv/flake" });
  history.recordConfiguredHosts(run, ["nz", "we.b"]);
  for (const host of ["nz", "we.b"]) {
    const number = history.takeGenerationNumber(host);
    const toplevel = `/nix/store/00000000000000000000000000000000-nixos-system-${host}`;
    history.recordPublication({ run, host, number, toplevel, at: STARTED });
  }
  const toplevel = "/nix/store/00000000000000000000000000000000-nixos-system-nz";
  history.recordHostResult({ run, host: "nz", state: "published", toplevel, generation: 1, durationMs: 1 });
  const failure = { failedStep: "build", reason: "error: no" } as const;
  history.recordHostResult({ run, host: "we.b", state: "failed", ...failure, durationMs: 1 });
  history.finishRun(run, { status: "PARTIAL", finishedAt: FINISHED, reason: "we.b: build: error: no" });
  history.publishSnapshot(`${builder.stateDir}/history.public.sqlite`);
}

describe("readStatus", () => {
  it("knows the hosts of the configuration before the first run", async () => {
    const named = await readStatus(await machineForTest(["nz"]), STARTED);
    const any = await readStatus(await machineForTest(["*"]), STARTED);

    expect(named).toMatchObject({ health: "new", problems: [], hosts: [{ host: "nz", configured: true }] });
    expect(any).toMatchObject({ health: "new", problems: [], hosts: [] });
    expect(any.disk.freeBytes).toBeGreaterThan(0);
  });

  it("tells of the newest history that was damaged and set aside", async () => {
    const config = await machineForTest();
    const { stateDir } = config.builder;
    recordNight(config);
    for (const name of ["20261101T020000Z", "20261102T020000Z", "20261102T020000Z-wal"]) {
      await writeFile(`${stateDir}/history.sqlite.damaged-${name}`, "");
    }

    const { damagedHistory, problems } = await readStatus(config, FINISHED);

    expect(damagedHistory).toBe(`${stateDir}/history.sqlite.damaged-20261102T020000Z`);
    expect(problems).toContainEqual(expect.objectContaining({ code: "history-damaged" }));
  });

  it("reads hosts, results and the last run", async () => {
    const config = await machineForTest();
    recordNight(config);

    expect(await readStatus(config, FINISHED)).toMatchObject({
      health: "degraded",
      lastRun: { status: "PARTIAL", durationMs: 12 * 60_000 },
      hosts: [
        { host: "nz", generation: { number: 1 }, lastResult: { state: "published" } },
        { host: "we.b", generation: { number: 1 }, lastResult: { state: "failed", failedStep: "build" } },
      ],
      disk: { capBytes: 200e9 },
    });
  });

  it("takes the flake's hosts as the last run knew them, and tells which are no longer configured", async () => {
    const all = await machineForTest(["*"]);
    recordNight(all);
    const fewer = { ...all, builder: { ...all.builder, hosts: ["new", "nz"] } };
    const listed = async (config: BuilderMachineConfig): Promise<unknown> =>
      (await readStatus(config, FINISHED)).hosts.map(({ configured, host }) => [host, configured]);

    expect(await listed(all)).toEqual([
      ["nz", true],
      ["we.b", true],
    ]);
    expect(await listed(fewer)).toEqual([
      ["new", true],
      ["nz", true],
      ["we.b", false],
    ]);
  });

  it("calls a run overdue an hour after it was due, unless a command is at work", async () => {
    const config = await machineForTest();
    recordNight(config);
    const overdueAt = async (now: Date): Promise<Date | undefined> =>
      (await readStatus(config, now)).overdueSince;
    const due = new Date(2026, 10, 23, 2, 0);
    const late = new Date(2026, 10, 23, 3, 1);

    expect(await overdueAt(new Date(2026, 10, 23, 2, 59))).toBeUndefined();
    expect(await overdueAt(late)).toEqual(due);
    const lockFile = `${config.builder.stateDir}/run.lock`;
    expect(await withRunLock(lockFile, "nix-cache-builder run", () => overdueAt(late))).toBeUndefined();
  });
});
