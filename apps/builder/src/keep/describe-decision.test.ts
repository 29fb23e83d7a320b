import type { DropDecision, DropReason, KeepDecision, KeepReason } from "@nix-cache/retention";
import { describe, expect, it } from "vitest";

import { describeDecision } from "./describe-decision.ts";

const generation = {
  host: "nz",
  number: 1,
  toplevel: "/nix/store/a",
  publishedAt: new Date(0),
  lastPublication: 1,
  good: true,
};
const keep = (reason: KeepReason): KeepDecision => ({ type: "keep", generation, reason });
const drop = (reason: DropReason): DropDecision => ({
  type: "drop",
  generation,
  reason,
  exclusiveBytes: 0,
  freeableBytes: 0,
});
const noon = new Date(2026, 10, 22, 12, 0);

describe("describeDecision", () => {
  it.each([
    [{ type: "newest-good" }, "newest good generation of its host"],
    [{ type: "pinned" }, "pinned"],
    [{ type: "in-use" }, "a machine runs it"],
    [{ type: "grace", until: noon }, "published a short while ago, protected until 2026-11-22 12:00"],
    [{ type: "frees-nothing" }, "frees nothing: others that stay need all of it"],
    [{ type: "recent", rank: 2, keepGenerations: 3 }, "number 2 of its host's newest 3"],
    [{ type: "recent", rank: 2, keepGenerations: 0 }, "number 2 of its host, all are kept"],
  ] as const)("says why a generation stays: %o", (reason, words) => {
    expect(describeDecision(keep(reason))).toBe(words);
  });

  it.each([
    [{ type: "dismissed" }, "its link in cacheDir was deleted"],
    [
      { type: "removed-host", lastConfiguredAt: noon },
      "its host left the configuration, last built 2026-11-22 12:00",
    ],
    [{ type: "not-good" }, "its store paths are gone"],
    [{ type: "excess", rank: 4, keepGenerations: 3 }, "number 4 of its host, 3 are kept"],
    [
      { type: "cache-size", rootedBytes: 2e9, maxCacheSizeBytes: 1e9 },
      "2.00 GB are kept, 1.00 GB are allowed",
    ],
    [{ type: "free-space", freeBytes: -5, minFreeBytes: 1e9 }, "0 B are free, 1.00 GB are to be"],
  ] as const)("says why a generation goes: %o", (reason, words) => {
    expect(describeDecision(drop(reason))).toBe(words);
  });
});
