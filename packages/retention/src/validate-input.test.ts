import { describe, expect, it } from "vitest";

import { planRetention, RetentionError, type RetentionInput, type RetentionPolicy } from "./index.ts";

const NOW = new Date("2026-11-22T02:00:00Z");
const NZ = {
  host: "nz",
  number: 1,
  toplevel: "/nix/store/nz",
  publishedAt: NOW,
  lastPublication: 1,
  good: true,
};

function plan(overrides: Partial<RetentionInput>): void {
  planRetention({
    generations: [NZ],
    closures: new Map([[NZ.toplevel, { narSize: 1, references: [] }]]),
    policy: { keepGenerations: 3, maxCacheSizeBytes: 0 },
    configuredHosts: new Set(["nz"]),
    now: NOW,
    ...overrides,
  });
}

describe("planRetention with wrong arguments", () => {
  it.each(["keepGenerations", "maxCacheSizeBytes", "minFreeBytes", "graceMs", "removedHostMs"])(
    "refuses a negative, fractional or endless %s",
    (key) => {
      const withValue = (value: number): RetentionPolicy => ({
        keepGenerations: 3,
        maxCacheSizeBytes: 0,
        [key]: value,
      });

      for (const value of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
        expect(() => plan({ policy: withValue(value), freeBytes: 0 })).toThrow(RangeError);
      }
    },
  );

  it("names the argument and what it got", () => {
    expect(() => plan({ policy: { keepGenerations: -1, maxCacheSizeBytes: 0 } })).toThrow(
      "expected policy.keepGenerations to be a whole number of at least 0, got -1",
    );
  });

  it("refuses a policy without keepGenerations", () => {
    const policy: RetentionPolicy = JSON.parse('{"maxCacheSizeBytes": 0}');

    expect(() => plan({ policy })).toThrow(
      new TypeError("expected policy.keepGenerations to be a number, got undefined"),
    );
  });

  it("refuses a generation that does not tell whether it is good", () => {
    const unknown = JSON.parse('{"host": "nz", "number": 1, "lastPublication": 1}');
    const generations = [{ ...unknown, publishedAt: NOW }];

    expect(() => plan({ generations })).toThrow(
      new TypeError("expected good of generation 1 of nz to be a boolean, got undefined"),
    );
  });

  it("refuses minFreeBytes without freeBytes", () => {
    const policy = { keepGenerations: 3, maxCacheSizeBytes: 0, minFreeBytes: 1 };

    expect(() => plan({ policy })).toThrow(new TypeError("expected freeBytes to be a number, got undefined"));
  });

  it("refuses an invalid date", () => {
    const invalid = new Date(Number.NaN);

    expect(() => plan({ now: invalid })).toThrow(RangeError);
    expect(() => plan({ generations: [{ ...NZ, publishedAt: invalid }] })).toThrow(RangeError);
    expect(() => plan({ lastConfiguredAt: new Map([["old", invalid]]) })).toThrow(RangeError);
  });

  it("refuses a generation number that is not positive", () => {
    expect(() => plan({ generations: [{ ...NZ, number: 0 }] })).toThrow(RangeError);
  });

  it("refuses a negative NAR size", () => {
    const closures = new Map([[NZ.toplevel, { narSize: -1, references: [] }]]);

    expect(() => plan({ closures })).toThrow(RangeError);
  });
});

describe("planRetention with input that contradicts itself", () => {
  it("refuses a generation given twice", () => {
    expect(() => plan({ generations: [NZ, { ...NZ }] })).toThrow(
      expect.objectContaining({ code: "ERR_RETENTION_DUPLICATE_GENERATION", host: "nz", number: 1 }),
    );
  });

  it("refuses a good generation whose toplevel is not in the closures", () => {
    expect(() => plan({ closures: new Map() })).toThrow(
      expect.objectContaining({
        code: "ERR_RETENTION_MISSING_PATH",
        path: NZ.toplevel,
        host: "nz",
        number: 1,
      }),
    );
  });

  it("takes a lost toplevel for empty", () => {
    expect(() => plan({ generations: [{ ...NZ, good: false }], closures: new Map() })).not.toThrow();
  });

  it("refuses a reference that is not in the closures", () => {
    const closures = new Map([[NZ.toplevel, { narSize: 1, references: ["/nix/store/gone"] }]]);

    expect(() => plan({ closures })).toThrow(RetentionError);
    expect(() => plan({ closures })).toThrow(
      expect.objectContaining({ code: "ERR_RETENTION_MISSING_PATH", path: "/nix/store/gone" }),
    );
  });

  it("refuses sizes that a number cannot add up exactly", () => {
    const closures = new Map([
      [NZ.toplevel, { narSize: Number.MAX_SAFE_INTEGER, references: [] }],
      ["/nix/store/other", { narSize: 1, references: [] }],
    ]);

    expect(() => plan({ closures })).toThrow(expect.objectContaining({ code: "ERR_RETENTION_TOO_LARGE" }));
  });
});
