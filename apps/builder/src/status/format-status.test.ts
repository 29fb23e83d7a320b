import { describe, expect, it } from "vitest";

import { formatStatus } from "./format-status.ts";
import type { HostStatus, Status } from "./status.ts";

const NOW = new Date(2026, 10, 22, 12, 0);
const NIGHT = new Date(2026, 10, 22, 2, 0);
const DAY = 86_400_000;

function hostOf(host: string, changes: string): HostStatus {
  return {
    host,
    configured: true,
    generation: {
      number: 123,
      toplevel: `/nix/store/00000000000000000000000000000000-nixos-system-${host}`,
      createdAt: NIGHT,
      lastVerifiedAt: NIGHT,
      revision: "0123456789abcdef0123456789abcdef01234567",
      closureSize: 8_210_000_000,
      pinned: false,
      lost: false,
      changes,
    },
  };
}

const FAILED = {
  run: "20261122T020000Z",
  startedAt: NIGHT,
  state: "failed",
  failedStep: "build",
  reason:
    "error: builder for '/nix/store/00000000000000000000000000000000-linux-6.12.drv' failed with exit code 2",
  lastSuccessAt: new Date(NOW.getTime() - 3 * DAY),
} as const;

const STATUS: Status = {
  health: "healthy",
  healthy: true,
  problems: [],
  checkedAt: NOW,
  lastRun: {
    id: "20261122T020000Z",
    status: "SUCCESS",
    startedAt: NIGHT,
    finishedAt: NIGHT,
    durationMs: 723_000,
    branch: "main",
    revision: "0123456789abcdef0123456789abcdef01234567",
  },
  nextRun: { source: "timer", timer: "armed", at: new Date(2026, 10, 23, 2, 0) },
  killedRuns: [],
  hosts: [hostOf("nz", "12 upgraded, 1 added, +3.4 MiB"), hostOf("we.b", "no changes")],
  disk: { usedBytes: 45_200_000_000, usedPaths: 1, measuredAt: NIGHT, capBytes: 200e9, freeBytes: 120e9 },
};

describe("formatStatus", () => {
  it("shows a builder that is well", () => {
    expect(formatStatus(STATUS)).toBe(
      [
        "Cache     healthy",
        "Last run  SUCCESS 10 h ago (2026-11-22 02:00), took 12 min 3 s, 01234567 of main",
        "Next run  in 14 h (2026-11-23 02:00)",
        "Disk      45.2 GB of 200 GB published, 120 GB free",
        "",
        "HOST  GEN   AGE     SIZE  REVISION  CHANGES",
        "nz    123  10 h  8.21 GB  01234567  12 upgraded, 1 added, +3.4 MiB",
        "we.b  123  10 h  8.21 GB  01234567  no changes",
        "",
      ].join("\n"),
    );
  });

  it("fits 80 columns and 24 lines for four hosts when everything goes wrong", () => {
    const names = ["nz", "we.b", "a-host-with-a-long-name", "mz"];
    const hosts = names.map((name) => ({ ...hostOf(name, "12 upgraded"), lastResult: FAILED }));
    const killed = {
      ...(STATUS.lastRun ?? { id: "", startedAt: NIGHT, branch: "" }),
      status: "KILLED",
    } as const;
    const problems = Array.from({ length: 8 }, (_, index) => ({
      code: "run-partial",
      severity: "degraded",
      text: `problem ${index} ${"that takes many words to tell ".repeat(4)}`,
    })) satisfies Status["problems"];

    const text = formatStatus(
      {
        ...STATUS,
        health: "failing",
        problems,
        hosts,
        lock: { pid: 1, command: "nix-cache-builder run", since: NIGHT, isRunning: true },
        overdueSince: NIGHT,
        nextRun: { source: "timer", timer: "missing" },
        killedRuns: [killed, killed],
      },
      80,
    );

    const lines = text.split("\n");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.length - 1).toBeLessThanOrEqual(24);
  });

  it("tells a reason in full where the screen has room for it", () => {
    const text =
      "the last run failed: cannot sync: the forge said no: the key was refused: check that it knows the key";
    const problems = [{ code: "run-failed", severity: "failing", text }] as const;

    const lines = formatStatus({ ...STATUS, health: "failing", problems }, 80).split("\n");

    expect(lines.slice(0, 2)).toEqual([
      "Cache     failing: the last run failed: cannot sync: the forge said no: the key",
      "          was refused: check that it knows the key",
    ]);
  });

  it("tells why hosts failed, and since when", () => {
    const hosts = [{ ...hostOf("nz", "no changes"), lastResult: FAILED }];

    expect(formatStatus({ ...STATUS, hosts })).toContain(
      "\nnz  build failed, good 3 d ago: builder for 'linux-6.12.drv' failed with exit code 2\n",
    );
  });

  it("tells of six failures at most, and how many more there are", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const hosts = names.map((name) => ({ ...hostOf(name, "no changes"), lastResult: FAILED }));

    const failures = formatStatus({ ...STATUS, hosts })
      .split("\n\n")
      .at(-1)
      ?.trimEnd()
      .split("\n");

    expect(failures).toHaveLength(6);
    expect(failures?.at(-1)).toBe("…  3 more hosts failed: nix-cache-builder log shows them all");
  });

  it("says before the first run that an earlier history was damaged", () => {
    const { lastRun: _none, ...fresh } = STATUS;
    const text = "the history was damaged and began anew: remove /state/h once you know";
    const problems = [{ code: "history-damaged", severity: "degraded", text }] as const;

    const lines = formatStatus({ ...fresh, health: "new", problems }).split("\n");

    expect(lines[0]).toMatch(/^Cache {5}new: nothing has run yet: /);
    expect(lines[1]).toBe(`          ${text}`);
  });

  it("tells what is the matter with the timer", () => {
    const nextRun = { source: "timer", timer: "stopped" } as const;

    expect(formatStatus({ ...STATUS, nextRun, overdueSince: NIGHT })).toContain(
      "Next run  overdue since 2026-11-22 02:00, nix-cache-builder.timer is stopped: nothing starts it\n",
    );
  });

  it("keeps a hostile reason to its line", () => {
    const lastResult = { ...FAILED, reason: "\u001b[2Jgone\u0007\nsecond line" };

    const text = formatStatus({ ...STATUS, hosts: [{ ...hostOf("nz", "x"), lastResult }] });

    expect(text).toContain("good 3 d ago: gone\n");
    expect(text).not.toContain("second line");
  });
});
