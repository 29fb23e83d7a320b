import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { outcome } from "../test/outcome.ts";
import { assertNarSize, assertSize, parseSize } from "./size.ts";

describe("parseSize", () => {
  it.each([
    ["0", 0],
    ["440", 440],
    ["+440", 440],
    ["0440", 440],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("reads %s", (text, size) => {
    expect(parseSize(text)).toBe(size);
  });

  it.each([
    "",
    "+",
    "-1",
    "-0",
    "++1",
    "0x10",
    "1e3",
    "4.0",
    " 440",
    "440 ",
    "4_40",
    "\uff11",
    "abc",
    "Infinity",
  ])("refuses %j", (text) => {
    expect(outcome(() => parseSize(text))).toBe("ERR_NARINFO_SIZE");
  });

  it.each(["9007199254740992", "9007199254740993", "18446744073709551615", "18446744073709551616"])(
    "refuses %s, which a number does not hold exactly",
    (text) => {
      expect(outcome(() => parseSize(text))).toBe("ERR_NARINFO_SIZE");
    },
  );

  it("reads every integer that a number holds exactly", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        expect(parseSize(String(size))).toBe(size);
      }),
    );
  });
});

describe("assertSize", () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses %d", (size) => {
    expect(outcome(() => assertSize(size))).toBe("ERR_NARINFO_SIZE");
  });
});

describe("assertNarSize", () => {
  it("refuses 0, which stands for unknown", () => {
    expect(outcome(() => assertNarSize(0))).toBe("ERR_NARINFO_SIZE");
  });
});
