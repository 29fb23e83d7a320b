import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { NIX32_DIGITS, normalizeNarHash } from "./nar-hash.ts";

/** SHA-256 of nothing, as `nix hash` prints it. */
const EMPTY = {
  hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  nix32: "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
  base64: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
};

describe("normalizeNarHash", () => {
  it.each([
    `sha256:${EMPTY.hex}`,
    `sha256:${EMPTY.hex.toUpperCase()}`,
    `sha256:${EMPTY.nix32}`,
    `sha256:${EMPTY.base64}`,
    `sha256-${EMPTY.base64}`,
  ])("reads %s", (text) => {
    expect(normalizeNarHash(text)).toBe(`sha256:${EMPTY.hex}`);
  });

  it.each([
    "",
    "sha256:",
    EMPTY.hex,
    `sha256-${EMPTY.hex}`,
    `sha256:${EMPTY.hex}0`,
    `sha256:${EMPTY.nix32.toUpperCase()}`,
    `sha256:2${EMPTY.nix32.slice(1)}`,
    `sha256:${EMPTY.base64.slice(0, -2)}V=`,
    `md5:d41d8cd98f00b204e9800998ecf8427e`,
    `sha256:${EMPTY.hex}\n`,
  ])("answers undefined for %j", (text) => {
    expect(normalizeNarHash(text)).toBeUndefined();
  });

  it("reads every hash in base 32, bit by bit", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (seed) => {
        const digest = createHash("sha256").update(seed).digest();

        expect(normalizeNarHash(`sha256:${nix32ByBits(digest)}`)).toBe(`sha256:${digest.toString("hex")}`);
      }),
    );
  });
});

/** The definition in Nix's manual, digit by digit: digit n is bits 5n to 5n+4, the last digit written first. */
function nix32ByBits(digest: Uint8Array): string {
  return Array.from({ length: 52 }, (_, index) => {
    const bit = 5 * (51 - index);
    const pair = (digest[bit >> 3] ?? 0) | ((digest[(bit >> 3) + 1] ?? 0) << 8);
    return NIX32_DIGITS.charAt((pair >> (bit & 7)) & 31);
  }).join("");
}
