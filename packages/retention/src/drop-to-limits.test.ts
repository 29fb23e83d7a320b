import { describe, expect, it } from "vitest";

import { generation, input, summarize } from "../test/input.ts";
import { planRetention } from "./index.ts";

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

  it("spares what another root holds where space is to be freed", () => {
    const generations = ["nz-1", "nz-2", "nz-3"].map((name) => generation(name));
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 0, minFreeBytes: 100 };
    const otherRoots = new Set(["/nix/store/nz-1", "/nix/store/unknown"]);

    const plan = planRetention(input(generations, { policy, freeBytes: 0, otherRoots }));

    expect(summarize(plan)).toEqual(["nz-1 keep recent", "nz-2 drop free-space", "nz-3 keep newest-good"]);
  });

  it("spares what several share and another root holds, too", () => {
    const toplevel = "/nix/store/same";
    const twins = [generation("mz-1", { toplevel }), generation("nz-1", { toplevel })];
    const generations = [...twins, generation("mz-2"), generation("nz-2")];
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 0, minFreeBytes: 100 };

    const plan = planRetention(input(generations, { policy, freeBytes: 0, otherRoots: new Set([toplevel]) }));

    expect([plan.drops, plan.underMinFree]).toEqual([[], true]);
  });

  it("counts what another root holds against the cap, but not as freed", () => {
    const generations = ["nz-1", "nz-2", "nz-3"].map((name) => generation(name));
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 1200, minFreeBytes: 50 };
    const otherRoots = new Set(["/nix/store/nz-1"]);

    const plan = planRetention(input(generations, { policy, freeBytes: 0, otherRoots }));

    expect(summarize(plan).slice(0, 2)).toEqual(["nz-1 drop cache-size", "nz-2 drop free-space"]);
    expect(plan.drops).toMatchObject([
      { exclusiveBytes: 100, freeableBytes: 0 },
      { exclusiveBytes: 100, freeableBytes: 100, reason: { freeBytes: 0 } },
    ]);
    expect([plan.rootedBytesAfter, plan.overCap, plan.underMinFree]).toEqual([1100, false, false]);
  });
});
