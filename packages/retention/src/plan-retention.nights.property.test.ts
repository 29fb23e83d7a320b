import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { countRootedBytes, listKept } from "../test/arbitrary-input.ts";
import { arbitraryNight, createCache } from "../test/nights.ts";

const RUNS = { numRuns: 500 };
const arbitraryNights = fc.array(arbitraryNight, { maxLength: 40 });

describe("planRetention, night after night", () => {
  it("never leaves a host without its newest success while it is configured", () => {
    fc.assert(
      fc.property(arbitraryNights, (nights) => {
        const cache = createCache();

        for (const night of nights) {
          cache.publish(night);
          const { input, plan } = cache.retain(night);

          const kept = new Set(listKept(plan).map(({ host, number }) => `${host} ${number}`));
          const newest = [...cache.newestSuccesses].filter(([host]) => input.configuredHosts.has(host));
          expect(newest.filter(([host, number]) => !kept.has(`${host} ${number}`))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("holds the cap every night, or keeps only what is protected or would free nothing", () => {
    fc.assert(
      fc.property(arbitraryNights, (nights) => {
        const cache = createCache();

        for (const night of nights) {
          cache.publish(night);
          const { input, plan } = cache.retain(night);

          const rooted = countRootedBytes(listKept(plan), input);
          const unprotected = plan.decisions.filter(({ reason }) => reason.type === "recent");
          expect(rooted <= input.policy.maxCacheSizeBytes || unprotected.length === 0).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
