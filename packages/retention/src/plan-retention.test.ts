import { describe, expect, it } from "vitest";

import {
  planRetention,
  type RetentionGeneration,
  type RetentionInput,
  type RetentionPath,
  type RetentionPlan,
} from "./index.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-22T02:00:00Z");

function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * DAY_MS);
}

/** Generations named `host-number`: higher numbers are newer, and the age in days is 40 - number. */
function generation(name: string, overrides: Partial<RetentionGeneration> = {}): RetentionGeneration {
  const [host = "", number = ""] = name.split("-");
  return {
    host,
    number: Number(number),
    toplevel: `/nix/store/${name}`,
    publishedAt: daysAgo(40 - Number(number)),
    lastPublication: Number(number),
    good: true,
    ...overrides,
  };
}

/** Each toplevel has 100 bytes of its own and refers to a shared path of 1000 bytes. */
function input(
  generations: readonly RetentionGeneration[],
  overrides: Partial<RetentionInput> = {},
): RetentionInput {
  const shared = "/nix/store/shared";
  return {
    generations,
    closures: new Map<string, RetentionPath>([
      [shared, { narSize: 1000, references: [] }],
      ...generations.map(({ toplevel }) => [toplevel, { narSize: 100, references: [shared] }] as const),
    ]),
    policy: { keepGenerations: 3, maxCacheSizeBytes: 0 },
    configuredHosts: new Set(["mz", "nz"]),
    now: NOW,
    ...overrides,
  };
}

/** One line for each decision: `host-number type reason`. */
function summarize({ decisions }: Pick<RetentionPlan, "decisions">): string[] {
  return decisions.map(
    ({ type, generation: { host, number }, reason }) => `${host}-${number} ${type} ${reason.type}`,
  );
}

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

describe("planRetention under a limit on size", () => {
  it("drops the oldest of the host with most generations until the cap holds", () => {
    const generations = ["mz-1", "mz-2", "nz-3", "nz-4", "nz-5"].map((name) => generation(name));
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 1300 };

    const plan = planRetention(input(generations, { policy }));

    expect(plan.drops.map(({ generation: { host, number } }) => `${host}-${number}`)).toEqual([
      "nz-3",
      "mz-1",
    ]);
    expect(plan.drops[0]?.reason).toEqual({ type: "cache-size", rootedBytes: 1500, maxCacheSizeBytes: 1300 });
    expect([plan.rootedBytesBefore, plan.rootedBytesAfter, plan.overCap]).toEqual([1500, 1300, false]);
  });

  it("says so where only protected generations are left above the cap", () => {
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 1 };

    const plan = planRetention(
      input([generation("mz-1"), generation("nz-1"), generation("nz-2")], { policy }),
    );

    expect(summarize(plan)).toEqual([
      "mz-1 keep newest-good",
      "nz-1 drop cache-size",
      "nz-2 keep newest-good",
    ]);
    expect([plan.rootedBytesAfter, plan.overCap]).toEqual([1200, true]);
  });

  it("spares a generation whose every path must stay anyway", () => {
    const generations = [generation("nz-1", { toplevel: "/nix/store/shared" }), generation("nz-2")];
    const closures = new Map([
      ["/nix/store/shared", { narSize: 1000, references: [] }],
      ["/nix/store/nz-2", { narSize: 100, references: ["/nix/store/shared"] }],
    ]);
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 1 };

    const plan = planRetention(input(generations, { closures, policy }));

    expect(summarize(plan)).toEqual(["nz-1 keep frees-nothing", "nz-2 keep newest-good"]);
  });

  it("drops generations that free something only together", () => {
    const toplevel = "/nix/store/same";
    const twins = [generation("mz-1", { toplevel }), generation("nz-1", { toplevel })];
    const generations = [...twins, generation("mz-2"), generation("nz-2")];
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 1200 };

    const plan = planRetention(input(generations, { policy }));

    expect(plan.drops.map(({ exclusiveBytes }) => exclusiveBytes)).toEqual([0, 100]);
    expect([plan.rootedBytesAfter, plan.overCap]).toEqual([1200, false]);
  });

  it("drops for free space, counting what earlier drops free", () => {
    const generations = ["nz-1", "nz-2", "nz-3", "nz-4"].map((name) => generation(name));
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 0, minFreeBytes: 250 };

    const plan = planRetention(input(generations, { policy, freeBytes: 50 }));

    expect(summarize(plan).slice(0, 2)).toEqual(["nz-1 drop excess", "nz-2 drop free-space"]);
    expect(plan.drops[1]?.reason).toEqual({ type: "free-space", freeBytes: 150, minFreeBytes: 250 });
    expect(plan.underMinFree).toBe(false);
  });

  it("says so where dropping all it may leaves too little free", () => {
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 0, minFreeBytes: 250 };

    const plan = planRetention(input([generation("nz-1")], { policy, freeBytes: 0 }));

    expect([plan.drops, plan.underMinFree]).toEqual([[], true]);
  });
});
