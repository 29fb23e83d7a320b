import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { base32 } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { formatHash, normalizeNarHash, parseHash } from "./hash.ts";

const EMPTY_BASE16 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const EMPTY_NIX32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
const EMPTY_BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

describe("parseHash", () => {
  it.each(base32.encode_decode)("reads $id in every form", ({ algo, base16, base64, nix32, sri }) => {
    const expected = { algorithm: algo, bytes: new Uint8Array(Buffer.from(base16, "hex")) };

    expect(parseHash(`${algo}:${base16}`)).toEqual(expected);
    expect(parseHash(`${algo}:${nix32}`)).toEqual(expected);
    expect(parseHash(`${algo}:${base64}`)).toEqual(expected);
    expect(parseHash(sri)).toEqual(expected);
  });

  it("reads upper-case base 16, as Nix does", () => {
    expect(parseHash(`sha256:${EMPTY_BASE16.toUpperCase()}`)).toEqual(parseHash(`sha256:${EMPTY_BASE16}`));
  });

  it("reads SRI without padding, as Nix does", () => {
    expect(parseHash(`sha256-${EMPTY_BASE64.slice(0, -1)}`)).toEqual(parseHash(`sha256:${EMPTY_BASE16}`));
  });

  it.each([
    ["no algorithm", EMPTY_NIX32],
    ["an unknown algorithm", `sha3:${EMPTY_NIX32}`],
    ["an experimental algorithm", `blake3:${EMPTY_NIX32}`],
    ["an upper-case algorithm", `SHA256:${EMPTY_NIX32}`],
    ["a property of objects as algorithm", "constructor:0"],
    ["the length of another algorithm", `sha1:${EMPTY_NIX32}`],
    ["a character more", `sha256:${EMPTY_NIX32}0`],
    ["a character less", `sha256:${EMPTY_NIX32.slice(1)}`],
    ["upper-case nix base 32", `sha256:${EMPTY_NIX32.toUpperCase()}`],
    ["surplus bits in nix base 32", `sha256:z${EMPTY_NIX32.slice(1)}`],
    ["a character that is not of base 16", `sha256:g${EMPTY_BASE16.slice(1)}`],
    ["base 16 in SRI", `sha256-${EMPTY_BASE16}`],
    ["nix base 32 in SRI", `sha256-${EMPTY_NIX32}`],
    ["base64 of the URL alphabet", `sha256-${EMPTY_BASE64.replace("+", "-").replace("/", "_")}`],
    ["unpadded base64 after a colon", `sha256:${EMPTY_BASE64.slice(0, -1)}`],
    ["space before it", ` sha256:${EMPTY_NIX32}`],
    ["space after it", `sha256:${EMPTY_NIX32} `],
    ["two colons", `sha256::${EMPTY_NIX32.slice(1)}`],
    ["no digest", "sha256:"],
    ["no text", ""],
  ])("refuses a hash with %s", (_, text) => {
    expect(outcome(() => parseHash(text))).toBe("ERR_NARINFO_HASH");
  });
});

describe("formatHash", () => {
  it.each(base32.encode_decode)("writes $id in nix base 32", ({ algo, nix32, sri }) => {
    expect(formatHash(parseHash(sri))).toBe(`${algo}:${nix32}`);
  });

  it("refuses a digest of the wrong size", () => {
    expect(() => formatHash({ algorithm: "sha256", bytes: new Uint8Array(20) })).toThrow(RangeError);
  });

  it("writes what parseHash reads back", () => {
    const hashes = fc.record({
      algorithm: fc.constant("sha512" as const),
      bytes: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    });

    fc.assert(
      fc.property(hashes, (hash) => {
        expect(parseHash(formatHash(hash))).toEqual(hash);
      }),
    );
  });
});

describe("normalizeNarHash", () => {
  it.each([
    `sha256:${EMPTY_BASE16}`,
    `sha256:${EMPTY_BASE64}`,
    `sha256-${EMPTY_BASE64}`,
    `sha256:${EMPTY_NIX32}`,
  ])("rewrites %s in nix base 32", (text) => {
    expect(normalizeNarHash(text)).toBe(`sha256:${EMPTY_NIX32}`);
  });

  it("refuses an algorithm that Nix does not sign", () => {
    expect(outcome(() => normalizeNarHash(`md5:${"0".repeat(32)}`))).toBe("ERR_NARINFO_HASH");
  });
});
