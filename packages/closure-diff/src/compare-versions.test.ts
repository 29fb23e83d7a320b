import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compareVersions } from "./compare-versions.ts";

const { versions, orders }: { versions: readonly string[]; orders: readonly (readonly number[])[] } =
  JSON.parse(readFileSync(`${import.meta.dirname}/../test/fixtures/versions.json`, "utf8"));

const arbitraryVersion = fc.string({
  unit: fc.constantFrom(".", "-", "0", "1", "9", "pre", "a", "rc", "2147483648", "_"),
  maxLength: 8,
});

describe("compareVersions", () => {
  it("orders every pair of versions as real Nix does", () => {
    const found = versions.map((first) => versions.map((second) => compareVersions(first, second)));

    expect(found).toEqual(orders);
  });

  it("gives the opposite order to versions the other way round", () => {
    fc.assert(
      fc.property(arbitraryVersion, arbitraryVersion, (first, second) => {
        expect(compareVersions(first, second) + compareVersions(second, first)).toBe(0);
      }),
    );
  });

  it("puts versions in one order, so that a sorted list does not depend on how it came", () => {
    fc.assert(
      fc.property(arbitraryVersion, arbitraryVersion, arbitraryVersion, (low, middle, high) => {
        const isChain = compareVersions(low, middle) <= 0 && compareVersions(middle, high) <= 0;

        expect(isChain && compareVersions(low, high) > 0).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
