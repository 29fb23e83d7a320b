import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { applyDrops, arbitraryInput, countRootedBytes, listKept } from "../test/arbitrary-input.ts";
import { generation, input } from "../test/input.ts";
import type { RetentionInput, RetentionPolicy } from "./index.ts";
import { planRetention } from "./plan-retention.ts";

const RUNS = { numRuns: 2_000 };

/** Lists what `strict` keeps and `lenient` does not. */
function listLost(input_: RetentionInput, strict: RetentionPolicy, lenient: RetentionPolicy): unknown[] {
  const keptByLenient = new Set(listKept(planRetention({ ...input_, policy: lenient })));
  const keptByStrict = listKept(planRetention({ ...input_, policy: strict }));
  return keptByStrict.filter((kept) => !keptByLenient.has(kept));
}

describe("planRetention, one input against a more generous one", () => {
  it("keeps at least as much under a larger cap, where no other roots are", () => {
    fc.assert(
      fc.property(arbitraryInput, fc.nat({ max: 400 }), (any, more) => {
        const strict = { ...any.policy, maxCacheSizeBytes: any.policy.maxCacheSizeBytes + 1 };
        const lenient = { ...strict, maxCacheSizeBytes: strict.maxCacheSizeBytes + more };

        const alone = { ...any, otherRoots: new Set<string>() };
        expect(listLost(alone, strict, lenient)).toEqual([]);
        expect(listLost(alone, lenient, { ...lenient, maxCacheSizeBytes: 0 })).toEqual([]);
      }),
      RUNS,
    );
  });

  it("keeps at least as much for less space to keep free", () => {
    fc.assert(
      fc.property(arbitraryInput, fc.nat({ max: 400 }), (any, more) => {
        const { minFreeBytes = 0 } = any.policy;

        expect(listLost(any, { ...any.policy, minFreeBytes: minFreeBytes + more }, any.policy)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("keeps at least as much where more is free", () => {
    fc.assert(
      fc.property(arbitraryInput, fc.nat({ max: 400 }), (any, more) => {
        const keptWithMore = new Set(
          listKept(planRetention({ ...any, freeBytes: (any.freeBytes ?? 0) + more })),
        );

        expect(listKept(planRetention(any)).filter((kept) => !keptWithMore.has(kept))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("keeps at least as much for larger counts and times, where no limit on size is set", () => {
    const increase = { keepGenerations: fc.nat({ max: 3 }), graceMs: fc.nat(), removedHostMs: fc.nat() };
    fc.assert(
      fc.property(arbitraryInput, fc.record(increase), ({ policy, ...rest }, more) => {
        const { graceMs = 0, removedHostMs = 0 } = policy;
        const strict = {
          ...policy,
          keepGenerations: policy.keepGenerations + 1,
          maxCacheSizeBytes: 0,
          minFreeBytes: 0,
        };
        const lenient = {
          ...strict,
          keepGenerations: strict.keepGenerations + more.keepGenerations,
          graceMs: graceMs + more.graceMs,
          removedHostMs: removedHostMs + more.removedHostMs,
        };

        expect(listLost({ ...rest, policy }, strict, lenient)).toEqual([]);
        expect(listLost({ ...rest, policy }, lenient, { ...lenient, keepGenerations: 0 })).toEqual([]);
      }),
      RUNS,
    );
  });

  it("may drop one generation for another where a cap must pay for a larger keepGenerations", () => {
    const pinned = { pinned: true };
    const ofMz = [
      generation("mz-1", pinned),
      generation("mz-2", pinned),
      generation("mz-3"),
      generation("mz-4"),
    ];
    const ofNz = ["nz-5", "nz-6", "nz-7", "nz-8"].map((name) => generation(name));
    const maxCacheSizeBytes = 1_000 + 6 * 100;
    const keeping = (keepGenerations: number): RetentionPolicy => ({ keepGenerations, maxCacheSizeBytes });

    const lost = listLost(input([...ofMz, ...ofNz]), keeping(2), keeping(4));

    expect(lost).toEqual([ofMz[2]]);
  });
});

describe("planRetention, drop after drop", () => {
  it("never roots more after a drop than before", () => {
    fc.assert(
      fc.property(arbitraryInput, (any) => {
        const plan = planRetention(any);

        const left = new Set(any.generations);
        let rooted = plan.rootedBytesBefore;
        for (const drop of plan.drops) {
          left.delete(drop.generation);
          const next = countRootedBytes(left, any);
          expect(next).toBeLessThanOrEqual(rooted);
          rooted = next;
        }
        expect(rooted).toBe(plan.rootedBytesAfter);
      }),
      RUNS,
    );
  });

  it("frees in all the difference between before and after", () => {
    fc.assert(
      fc.property(arbitraryInput, (any) => {
        const { drops, rootedBytesBefore, rootedBytesAfter } = planRetention(any);

        const freed = drops.reduce((sum, { exclusiveBytes }) => sum + exclusiveBytes, 0);
        expect(freed).toBe(rootedBytesBefore - rootedBytesAfter);
      }),
      RUNS,
    );
  });

  it("plans the remaining drops again after a stop anywhere", () => {
    fc.assert(
      fc.property(arbitraryInput, fc.nat(), (any, seed) => {
        const { drops } = planRetention(any);
        const done = seed % (drops.length + 1);

        const next = planRetention(applyDrops(any, drops.slice(0, done)));

        const remaining = drops
          .slice(done)
          .map(({ generation: { host, number }, exclusiveBytes }) => [host, number, exclusiveBytes]);
        expect(
          next.drops.map(({ generation: { host, number }, exclusiveBytes }) => [
            host,
            number,
            exclusiveBytes,
          ]),
        ).toEqual(remaining);
      }),
      RUNS,
    );
  });
});
