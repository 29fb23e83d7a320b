import { describe, expect, it } from "vitest";

import { createFleet } from "../test/fleet.ts";
import { planRetention } from "./plan-retention.ts";

describe("planRetention at scale", () => {
  it("plans 20 hosts with 30 generations of 5,000 paths", () => {
    const fleet = createFleet({ hosts: 20, generationsPerHost: 30, pathsPerClosure: 5_000, ownPaths: 100 });

    const plan = planRetention(fleet);

    expect([plan.decisions.length, plan.drops.length > 100, plan.overCap]).toEqual([600, true, false]);
  });
});
