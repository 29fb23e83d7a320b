import { describe, expect, it } from "vitest";

import { daysAgo, generation, input, NOW, summarize } from "../test/input.ts";
import { planRetention } from "./index.ts";

const dismissed = true;

describe("planRetention for a dismissed generation", () => {
  it("drops it though a place among the newest is free, within its grace period too", () => {
    const generations = [
      generation("nz-1"),
      generation("nz-2", { dismissed, publishedAt: NOW }),
      generation("nz-3"),
    ];

    const plan = planRetention(input(generations));

    expect(summarize(plan)).toEqual(["nz-1 keep recent", "nz-2 drop dismissed", "nz-3 keep newest-good"]);
    expect(plan.drops[0]?.reason).toEqual({ type: "dismissed" });
  });

  it("gives its place to an older one", () => {
    const policy = { keepGenerations: 2, maxCacheSizeBytes: 0 };
    const generations = [
      generation("nz-1"),
      generation("nz-2"),
      generation("nz-3", { dismissed }),
      generation("nz-4"),
    ];

    const plan = planRetention(input(generations, { policy }));

    expect(summarize(plan)).toEqual([
      "nz-1 drop excess",
      "nz-2 keep recent",
      "nz-3 drop dismissed",
      "nz-4 keep newest-good",
    ]);
    expect(plan.decisions[1]?.reason).toEqual({ type: "recent", rank: 2, keepGenerations: 2 });
  });

  it("keeps it where it is the newest good, pinned or in use", () => {
    const generations = [
      generation("nz-1", { dismissed, pinned: true }),
      generation("nz-2", { dismissed }),
      generation("nz-3", { dismissed }),
      generation("nz-4", { good: false, dismissed }),
    ];

    const plan = planRetention(input(generations, { inUse: new Set(["/nix/store/nz-2"]) }));

    expect(summarize(plan)).toEqual([
      "nz-1 keep pinned",
      "nz-2 keep in-use",
      "nz-3 keep newest-good",
      "nz-4 drop dismissed",
    ]);
  });

  it("drops the newest of a host that left the configuration long ago", () => {
    const generations = [generation("old-1"), generation("old-2", { dismissed, publishedAt: NOW })];
    const lastConfiguredAt = new Map([["old", daysAgo(7)]]);

    const plan = planRetention(input(generations, { lastConfiguredAt }));

    expect(summarize(plan)).toEqual(["old-1 drop removed-host", "old-2 drop dismissed"]);
  });
});
