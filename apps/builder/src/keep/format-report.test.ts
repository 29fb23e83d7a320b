import { describe, expect, it } from "vitest";

import { formatReport } from "./format-report.ts";
import type { KeepingReport } from "./keeping-report.ts";

const NOW = new Date("2026-11-22T02:00:00Z");
const publishedAt = new Date("2026-11-20T02:00:00Z");
const nz = { host: "nz", toplevel: "/nix/store/nz", publishedAt };

const REPORT: KeepingReport = {
  dryRun: true,
  limits: { keepGenerations: 1, maxCacheSize: 200, minFreeSpace: 0, graceHours: 24, removedHostDays: 7 },
  generations: [
    { ...nz, generation: 1, decision: "drop", reason: "excess", why: "number 2 of its host", frees: 5e8 },
    {
      ...nz,
      generation: 2,
      decision: "keep",
      reason: "newest-good",
      why: "newest good generation of its host",
    },
  ],
  rootedBytesBefore: 2e9,
  rootedBytesAfter: 1.5e9,
  rootedPaths: 4,
  freeBytes: 3e9,
  overCap: false,
  underMinFree: false,
  notes: [],
};

describe("formatReport", () => {
  it("says of each generation what becomes of it and why, and what is kept", () => {
    expect(formatReport(REPORT, NOW)).toBe(
      [
        "HOST  GENERATION  AGE         FREES  WHY",
        "nz             1  2 d  drop  500 MB  number 2 of its host",
        "nz             2  2 d  keep          newest good generation of its host",
        "",
        "Kept: 1.50 GB of 200 GB in 4 store paths, before 2.00 GB",
        "Free on the store's disk: 3.00 GB",
        "Nothing was changed.",
        "",
      ].join("\n"),
    );
  });

  it("says what was deleted, and what could not be put right", () => {
    const freed = { mode: "targeted", plannedBytes: 2e6, deletedPaths: 3, freedBytes: 1e6 } as const;
    const times = { startedAt: NOW, finishedAt: NOW, freeBytesBefore: 0, freeBytesAfter: 1e6 };
    const report = { ...REPORT, dryRun: false, notes: ["nz: no"], collection: { ...freed, ...times } };

    const text = formatReport(report, NOW);

    expect(text).toContain("Deleted: 3 store paths, 1.00 MB on disk (2.00 MB were planned)\nNote: nz: no\n");
    expect(text).not.toContain("Nothing was changed");
  });

  it("says when only protected generations are left", () => {
    const limits = { ...REPORT.limits, maxCacheSize: 0, minFreeSpace: 5 };

    expect(formatReport({ ...REPORT, overCap: true }, NOW)).toContain("Over the cap: only protected");
    expect(formatReport({ ...REPORT, limits, underMinFree: true }, NOW)).toContain(
      "Kept: 1.50 GB without a limit in 4 store paths, before 2.00 GB\nFree on the store's disk: 3.00 GB, 5.00 GB are to be\nToo little free space",
    );
  });

  it("says so when nothing is published", () => {
    expect(formatReport({ ...REPORT, generations: [] }, NOW)).toMatch(
      /^No generation is published\.\nKept: /,
    );
  });
});
