import { describe, expect, it } from "vitest";

import { DAY_MS, daysAgo, generation, input, NOW, summarize } from "../test/input.ts";
import { planRetention } from "./index.ts";

describe("planRetention", () => {
  it("has nothing to decide without generations", () => {
    const plan = planRetention(input([]));

    expect(plan).toEqual({
      decisions: [],
      drops: [],
      rootedBytesBefore: 0,
      rootedBytesAfter: 0,
      overCap: false,
      underMinFree: false,
    });
  });

  it("keeps the newest keepGenerations of each host and drops the rest, oldest first", () => {
    const names = ["nz-1", "nz-2", "nz-3", "nz-4", "nz-5", "mz-1", "mz-2"];

    const plan = planRetention(input(names.map((name) => generation(name))));

    expect(summarize(plan)).toEqual([
      "mz-1 keep recent",
      "mz-2 keep newest-good",
      "nz-1 drop excess",
      "nz-2 drop excess",
      "nz-3 keep recent",
      "nz-4 keep recent",
      "nz-5 keep newest-good",
    ]);
    expect(plan.drops.map(({ generation: { number } }) => number)).toEqual([1, 2]);
  });

  it("tells the rank and the limit of what is in excess", () => {
    const policy = { keepGenerations: 1, maxCacheSizeBytes: 0 };

    const { drops } = planRetention(input([generation("nz-1"), generation("nz-2")], { policy }));

    expect(drops[0]?.reason).toEqual({ type: "excess", rank: 2, keepGenerations: 1 });
    expect(drops[0]?.exclusiveBytes).toBe(100);
  });

  it("keeps every good generation where keepGenerations is 0", () => {
    const policy = { keepGenerations: 0, maxCacheSizeBytes: 0 };
    const generations = Array.from({ length: 30 }, (_, index) => generation(`nz-${index + 1}`));

    const { drops } = planRetention(input(generations, { policy }));

    expect(drops).toEqual([]);
  });

  it("counts only good generations and drops the others", () => {
    const policy = { keepGenerations: 1, maxCacheSizeBytes: 0 };
    const generations = [generation("nz-1"), generation("nz-2", { good: false })];

    const plan = planRetention(input(generations, { policy }));

    expect(summarize(plan)).toEqual(["nz-1 keep newest-good", "nz-2 drop not-good"]);
  });

  it("takes the last publication for the newest, not the highest number", () => {
    const policy = { keepGenerations: 1, maxCacheSizeBytes: 0 };
    const generations = [generation("nz-1", { lastPublication: 9 }), generation("nz-2")];

    const plan = planRetention(input(generations, { policy }));

    expect(summarize(plan)).toEqual(["nz-1 keep newest-good", "nz-2 drop excess"]);
  });

  it("keeps what is pinned, in use or younger than a day beyond keepGenerations", () => {
    const policy = { keepGenerations: 1, maxCacheSizeBytes: 0 };
    const generations = [
      generation("nz-1", { pinned: true }),
      generation("nz-2"),
      generation("nz-3", { publishedAt: new Date(NOW.getTime() - DAY_MS + 1) }),
      generation("nz-4", { publishedAt: new Date(NOW.getTime() - DAY_MS) }),
      generation("nz-5"),
    ];
    const inUse = new Set(["/nix/store/nz-2"]);

    const plan = planRetention(input(generations, { policy, inUse }));

    expect(summarize(plan)).toEqual([
      "nz-1 keep pinned",
      "nz-2 keep in-use",
      "nz-3 keep grace",
      "nz-4 drop excess",
      "nz-5 keep newest-good",
    ]);
    expect(plan.decisions[2]?.reason).toEqual({ type: "grace", until: new Date(NOW.getTime() + 1) });
  });
});

describe("planRetention for a host that left the configuration", () => {
  const generations = [generation("old-1", { pinned: true }), generation("old-2"), generation("old-3")];

  it("keeps its generations for seven days", () => {
    const lastConfiguredAt = new Map([["old", new Date(daysAgo(7).getTime() + 1)]]);

    const plan = planRetention(input(generations, { lastConfiguredAt }));

    expect(summarize(plan)).toEqual(["old-1 keep pinned", "old-2 keep recent", "old-3 keep newest-good"]);
  });

  it("then drops all but what is pinned, its newest included", () => {
    const lastConfiguredAt = new Map([["old", daysAgo(7)]]);

    const plan = planRetention(input(generations, { lastConfiguredAt }));

    expect(summarize(plan)).toEqual([
      "old-1 keep pinned",
      "old-2 drop removed-host",
      "old-3 drop removed-host",
    ]);
    expect(plan.drops[0]?.reason).toEqual({ type: "removed-host", lastConfiguredAt: daysAgo(7) });
  });

  it("goes by its newest good publication where nothing else is known", () => {
    const fresh = [generation("old-1"), generation("old-2", { publishedAt: daysAgo(6) })];

    const plan = planRetention(input(fresh));

    expect(summarize(plan)).toEqual(["old-1 keep recent", "old-2 keep newest-good"]);
  });
});
