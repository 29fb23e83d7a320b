import { describe, expect, it } from "vitest";

import { formatHostHistory, formatRuns } from "./format-history.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const RUN = {
  id: "20261122T020000Z",
  status: "PARTIAL",
  startedAt: new Date("2026-11-22T02:00:00Z"),
  durationMs: 723_000,
  branch: "main",
  revision: "0123456789abcdef0123456789abcdef01234567",
} as const;
const GOOD = {
  run: RUN.id,
  host: "nz",
  state: "published",
  toplevel: "/nix/store/a",
  generation: 12,
  durationMs: 5000,
} as const;
const BAD = {
  run: RUN.id,
  host: "we.b",
  state: "failed",
  failedStep: "build",
  reason: "error: no\nmore",
  durationMs: 5000,
} as const;

describe("formatRuns", () => {
  it("says of each run how it ended, and what failed", () => {
    const runs = [
      { ...RUN, hosts: [GOOD, BAD] },
      {
        id: "20261121T020000Z",
        status: "KILLED",
        startedAt: RUN.startedAt,
        branch: "main",
        reason: "it was killed",
        hosts: [],
      } as const,
    ];

    expect(formatRuns(runs, NOW)).toBe(
      [
        "RUN                AGO  STATUS   TOOK        REVISION      HOSTS",
        "20261122T020000Z  10 h  PARTIAL  12 min 3 s  0123456789ab  1/2    failed: we.b",
        "20261121T020000Z  10 h  KILLED   -           -             0/0    it was killed",
        "",
      ].join("\n"),
    );
  });
});

describe("formatHostHistory", () => {
  it("says what happened to a host, and what there is of it", () => {
    const generation = {
      host: "nz",
      number: 12,
      toplevel: "/nix/store/a",
      createdAt: RUN.startedAt,
      lastVerifiedAt: RUN.startedAt,
      lastPublication: 1,
      pinned: true,
      closureSize: 8.21e9,
    };
    const dropped = { ...generation, number: 11, pinned: false, condemnedAt: NOW, condemnedReason: "older" };

    const text = formatHostHistory(
      {
        host: "nz",
        results: [
          { ...GOOD, startedAt: RUN.startedAt },
          { ...BAD, host: "nz", startedAt: RUN.startedAt },
        ],
        generations: [generation, dropped, { ...dropped, number: 10, deletedAt: NOW }],
      },
      NOW,
    );

    expect(text).toBe(
      [
        "RUN                AGO  RESULT     TOOK",
        "20261122T020000Z  10 h  published  5.0 s  generation 12",
        "20261122T020000Z  10 h  failed     5.0 s  build: no",
        "",
        "GENERATION   AGE     SIZE  REVISION",
        "        12  10 h  8.21 GB  -         pinned",
        "        11  10 h  8.21 GB  -         dropped: older",
        "",
      ].join("\n"),
    );
  });
});
