import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  applyDrops,
  arbitraryInput,
  countFreeableBytes,
  countRootedBytes,
  listKept,
} from "../test/arbitrary-input.ts";
import { isBorneOut } from "../test/reasons.ts";
import { compareByAge } from "./generation.ts";
import { planRetention } from "./plan-retention.ts";

const RUNS = { numRuns: 2_000 };

describe("planRetention, whatever the input", () => {
  it("decides on every generation exactly once", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const { decisions, drops } = planRetention(input);

        const decided = new Set(decisions.map(({ generation }) => generation));
        expect(decided).toEqual(new Set(input.generations));
        expect(decisions).toHaveLength(input.generations.length);
        expect(new Set(drops)).toEqual(new Set(decisions.filter(({ type }) => type === "drop")));
      }),
      RUNS,
    );
  });

  it("keeps the newest good generation of every configured host", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const kept = new Set(listKept(planRetention(input)));

        for (const host of input.configuredHosts) {
          const good = input.generations.filter((generation) => generation.host === host && generation.good);
          const newest = good.toSorted(compareByAge).at(-1);
          expect(newest === undefined || kept.has(newest)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("gives a reason that the input bears out", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        for (const decision of planRetention(input).decisions) {
          expect([decision, isBorneOut(decision, input)]).toEqual([decision, true]);
        }
      }),
      RUNS,
    );
  });

  it("keeps what is pinned, in use or, unless dismissed, in its grace period", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const { drops } = planRetention(input);

        for (const { generation } of drops) {
          const age = input.now.getTime() - generation.publishedAt.getTime();
          expect(generation.pinned).not.toBe(true);
          expect(input.inUse?.has(generation.toplevel)).toBe(false);
          const graceMs = generation.dismissed === true ? 0 : (input.policy.graceMs ?? 0);
          expect(age).toBeGreaterThanOrEqual(graceMs);
        }
      }),
      RUNS,
    );
  });

  it("holds the limits, or keeps only what is protected or would free nothing", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const plan = planRetention(input);

        const spared = plan.decisions.filter(({ reason }) => reason.type === "frees-nothing");
        const isSpared = new Set(spared.map(({ generation }) => generation));
        const rest = listKept(plan).filter((generation) => !isSpared.has(generation));
        const count = plan.overCap ? countRootedBytes : countFreeableBytes;
        const isOver = plan.overCap || plan.underMinFree;
        expect(spared.length === 0 || isOver).toBe(true);
        expect(isOver && plan.decisions.some(({ reason }) => reason.type === "recent")).toBe(false);
        expect(count(rest, input)).toBe(count(listKept(plan), input));
      }),
      RUNS,
    );
  });

  it("reports the bytes that a slow count finds", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const plan = planRetention(input);

        const { maxCacheSizeBytes, minFreeBytes = 0 } = input.policy;
        const expectedFree = applyDrops(input, plan.drops).freeBytes ?? 0;
        expect(plan.rootedBytesBefore).toBe(countRootedBytes(input.generations, input));
        expect(plan.rootedBytesAfter).toBe(countRootedBytes(listKept(plan), input));
        expect(plan.overCap).toBe(maxCacheSizeBytes > 0 && plan.rootedBytesAfter > maxCacheSizeBytes);
        expect(plan.underMinFree).toBe(expectedFree < minFreeBytes);
      }),
      RUNS,
    );
  });

  it("frees with each drop, in order, exactly the bytes it names", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const plan = planRetention(input);

        const left = new Set(input.generations);
        for (const { generation, exclusiveBytes, freeableBytes } of plan.drops) {
          const before = [countRootedBytes(left, input), countFreeableBytes(left, input)];
          left.delete(generation);
          const after = [countRootedBytes(left, input), countFreeableBytes(left, input)];
          expect([exclusiveBytes + (after[0] ?? 0), freeableBytes + (after[1] ?? 0)]).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it("does not depend on the order of its input", () => {
    const shuffled = arbitraryInput.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray([...input.generations], { minLength: input.generations.length }),
        fc.shuffledSubarray([...input.closures], { minLength: input.closures.size }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([input, generations, closures]) => {
        const plan = planRetention({ ...input, generations, closures: new Map(closures) });

        expect(plan).toEqual(planRetention(input));
      }),
      RUNS,
    );
  });

  it("drops nothing more once carried out", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const plan = planRetention(input);

        const next = planRetention(applyDrops(input, plan.drops));
        expect(next.drops).toEqual([]);
        expect(next.rootedBytesBefore).toBe(plan.rootedBytesAfter);
      }),
      RUNS,
    );
  });

  it("leaves its input as it was", () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const copy = structuredClone(input);

        planRetention(input);

        expect(input).toEqual(copy);
      }),
      RUNS,
    );
  });
});
