import { describe, expect, it } from "vitest";

import { healthOf, listProblems, type StatusFacts } from "./health.ts";
import type { HostStatus, RunSummary } from "./status.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const GB = 1e9;

const RUN: RunSummary = {
  id: "20261122T020000Z",
  status: "SUCCESS",
  startedAt: new Date("2026-11-22T02:00:00Z"),
  finishedAt: new Date("2026-11-22T02:12:00Z"),
  branch: "main",
};

const GENERATION = {
  number: 12,
  toplevel: "/nix/store/00000000000000000000000000000000-nixos-system-nz",
  createdAt: RUN.startedAt,
  lastVerifiedAt: RUN.startedAt,
  pinned: false,
  lost: false,
};

const GOOD: HostStatus = {
  host: "nz",
  configured: true,
  generation: GENERATION,
  lastResult: { run: RUN.id, startedAt: RUN.startedAt, state: "published" },
};

const BAD: HostStatus = {
  host: "we.b",
  configured: true,
  generation: GENERATION,
  lastResult: {
    run: RUN.id,
    startedAt: RUN.startedAt,
    state: "failed",
    failedStep: "build",
    reason: "error: no",
  },
};

const USAGE = {
  at: NOW,
  rootedBytes: 250 * GB,
  rootedPaths: 1,
  freeBytes: 0,
  overCap: true,
  underMinFree: false,
};

const COLLECTION = {
  startedAt: NOW,
  finishedAt: NOW,
  mode: "targeted",
  plannedBytes: 0,
  freeBytesBefore: 0,
  freeBytesAfter: 0,
  reason: "error: the store is busy\nmore",
} as const;

function examine(changes: Partial<StatusFacts>, records: Partial<Parameters<typeof listProblems>[1]> = {}) {
  const facts: StatusFacts = {
    checkedAt: NOW,
    lastRun: RUN,
    nextRun: { source: "schedule" },
    killedRuns: [],
    hosts: [GOOD],
    disk: {},
    ...changes,
  };
  const problems = listProblems(facts, { usage: undefined, collection: undefined, ...records });
  return { health: healthOf(facts, problems), problems: problems.map(({ code, text }) => [code, text]) };
}

describe("listProblems and healthOf", () => {
  it("find nothing after a full success", () => {
    expect(examine({})).toEqual({ health: "healthy", problems: [] });
  });

  it("do not miss a host that is no longer configured", () => {
    const { generation, ...gone } = { ...BAD, configured: false };

    expect(examine({ hosts: [GOOD, gone] })).toEqual({ health: "healthy", problems: [] });
    expect(generation).toBe(GENERATION);
  });

  it("call it degraded when a host failed that is served still", () => {
    const lastRun = { ...RUN, status: "PARTIAL", reason: "we.b: build: error: no" } as const;

    expect(examine({ lastRun, hosts: [GOOD, BAD] })).toEqual({
      health: "degraded",
      problems: [["hosts-failed", "failed, an earlier generation is served: we.b"]],
    });
  });

  it("tell what kept a run from a full success besides its hosts", () => {
    const reason = "the inputs could not be updated: the committed lock was used\nwe.b: build: error: no";
    const lastRun = { ...RUN, status: "PARTIAL", reason } as const;

    expect(examine({ lastRun, hosts: [GOOD, BAD] }).problems).toEqual([
      ["run-partial", "the inputs could not be updated: the committed lock was used"],
      ["hosts-failed", "failed, an earlier generation is served: we.b"],
    ]);
  });

  it("call it failing when a host that failed was never published", () => {
    const { generation: _none, ...missing } = BAD;

    expect(examine({ hosts: [GOOD, missing] })).toEqual({
      health: "failing",
      problems: [["hosts-missing", "nothing is published yet for we.b"]],
    });
  });

  it("call it degraded while a new host waits for its first run", () => {
    expect(examine({ hosts: [GOOD, { host: "new", configured: true }] })).toEqual({
      health: "degraded",
      problems: [["hosts-missing", "nothing is published yet for new"]],
    });
  });

  it("call it failing when what is published is gone", () => {
    const lost = { ...GOOD, generation: { ...GENERATION, lost: true } };

    expect(examine({ hosts: [lost] })).toMatchObject({
      health: "failing",
      problems: [["generation-lost", "store paths of what is published are gone: nz"]],
    });
  });

  it.each([
    [[BAD], "no host succeeded in the last run"],
    [[{ ...GOOD, lastResult: undefined }], "the last run failed: cannot sync: no network"],
  ])("call it failing when the last run failed, and say how far it came", (hosts, text) => {
    const lastRun = { ...RUN, status: "FAILED", reason: "cannot sync: no network" } as const;

    const { health, problems } = examine({
      lastRun,
      hosts: hosts.map(({ lastResult, ...host }) => ({ ...host, ...(lastResult && { lastResult }) })),
    });

    expect(health).toBe("failing");
    expect(problems[0]).toEqual(["run-failed", text]);
  });

  it("put the worst first", () => {
    const overdueSince = new Date(2026, 10, 22, 2, 0);

    expect(examine({ hosts: [BAD], overdueSince }).problems.map(([code]) => code)).toEqual([
      "overdue",
      "hosts-failed",
    ]);
  });

  it("tell of a run that was killed, until the next one", () => {
    const killed = { ...RUN, status: "KILLED" } as const;
    const lock = { pid: 1, command: "nix-cache-builder run", since: NOW };

    expect(examine({ lastRun: killed }).problems.map(([code]) => code)).toEqual(["run-killed"]);
    expect(examine({ lock: { ...lock, isRunning: false } }).problems.map(([code]) => code)).toEqual([
      "run-killed",
    ]);
    expect(examine({ lock: { ...lock, isRunning: true } }).problems).toEqual([]);
    expect(examine({ killedRuns: [killed] }).problems).toEqual([]);
  });

  it("tell of a disk that is too full", () => {
    const disk = { freeBytes: 5 * GB, minFreeBytes: 10 * GB };

    expect(examine({ disk }, { usage: USAGE, collection: COLLECTION })).toEqual({
      health: "degraded",
      problems: [
        ["over-cap", "over the cap: only protected generations are left, 250 GB"],
        ["little-space", "5.00 GB free, less than minFreeSpace"],
        ["collection-failed", "the last garbage collection failed: the store is busy"],
      ],
    });
  });

  it("are new before the first run", () => {
    const { lastRun: _none, ...facts } = { lastRun: RUN };
    const problems = listProblems(
      { checkedAt: NOW, nextRun: { source: "schedule" }, killedRuns: [], hosts: [], disk: {}, ...facts },
      { usage: undefined, collection: undefined },
    );

    expect(healthOf({}, problems)).toBe("new");
  });
});
