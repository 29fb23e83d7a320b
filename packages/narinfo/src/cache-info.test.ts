import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { outcome } from "../test/outcome.ts";
import { type CacheInfo, formatCacheInfo, parseCacheInfo } from "./cache-info.ts";

const INT_MAX = 2 ** 31 - 1;

describe("parseCacheInfo", () => {
  it("reads what cache.nixos.org serves", () => {
    expect(parseCacheInfo("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n")).toEqual({
      storeDir: "/nix/store",
      wantMassQuery: true,
      priority: 40,
    });
  });

  it.each(["", "\n\n", "no colon\n", "Unknown: 1\n", ": \n", "storedir: /nix/store\n", "__proto__: 1\n"])(
    "finds nothing in %j",
    (text) => {
      expect(parseCacheInfo(text)).toEqual({ wantMassQuery: false });
    },
  );

  it.each([
    "StoreDir: /a\r\nPriority: 5\r\n",
    "StoreDir:/a\nPriority:5",
    "StoreDir: \t /a  \nPriority:   5 \n",
  ])("trims the values of %j", (text) => {
    expect(parseCacheInfo(text)).toMatchObject({ storeDir: "/a", priority: 5 });
  });

  it.each(["0", "true", "yes", "11", "01", ""])("takes WantMassQuery %j for no", (value) => {
    expect(parseCacheInfo(`WantMassQuery: ${value}\n`).wantMassQuery).toBe(false);
  });

  it.each([
    ["30abc", 30],
    ["+30", 30],
    ["-5", -5],
    ["030", 30],
    ["30.9", 30],
    ["2147483647", INT_MAX],
  ])("reads Priority %s as std::stoi does", (value, priority) => {
    expect(parseCacheInfo(`Priority: ${value}\n`).priority).toBe(priority);
  });

  it.each(["", "abc", "-", "2147483648", "-2147483649", "9".repeat(400)])("refuses Priority %s", (value) => {
    expect(outcome(() => parseCacheInfo(`Priority: ${value}\n`))).toBe("ERR_NARINFO_CACHE_INFO");
  });

  it("lets the last of two lines count", () => {
    expect(parseCacheInfo("Priority: 1\nPriority: 2\n").priority).toBe(2);
  });
});

describe("formatCacheInfo", () => {
  it("writes all three lines", () => {
    const text = formatCacheInfo({ storeDir: "/nix/store", wantMassQuery: true, priority: 40 });

    expect(text).toBe("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n");
  });

  it.each<[string, CacheInfo]>([
    ["a store directory with a trailing slash", { storeDir: "/nix/store/", wantMassQuery: true }],
    ["a store directory with a line feed", { storeDir: "/nix\nPriority: 0", wantMassQuery: true }],
    ["a fractional priority", { wantMassQuery: true, priority: 0.5 }],
    ["a priority beyond an int", { wantMassQuery: true, priority: INT_MAX + 1 }],
  ])("refuses %s", (_, info) => {
    expect(() => formatCacheInfo(info)).toThrow(RangeError);
  });

  it("writes what parseCacheInfo reads back", () => {
    const infos = fc.record(
      {
        storeDir: fc.stringMatching(/^(?:\/[a-z0-9._-]{1,10}){1,5}$/),
        wantMassQuery: fc.boolean(),
        priority: fc.integer({ min: -INT_MAX - 1, max: INT_MAX }),
      },
      { requiredKeys: ["wantMassQuery"] },
    );

    fc.assert(
      fc.property(infos, (info) => {
        expect(parseCacheInfo(formatCacheInfo(info))).toEqual(info);
      }),
    );
  });
});
