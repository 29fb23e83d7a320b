import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatNarUrl, parseNarUrl } from "./nar-url.ts";

const HASH_PART = "103ccsxv2j7jh7yjr57hrlqy6rjjnlmn";
const NAR_HASH = "06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd";
const digits = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9abcdfghijklmnpqrsvwxyz]{${length}}$`));

describe("formatNarUrl", () => {
  it("gives a URL that parseNarUrl reads back", () => {
    fc.assert(
      fc.property(digits(32), digits(52), (hashPart, narHash) => {
        const file = formatNarUrl({ hashPart, narHash }).replace("nar/", "");

        expect(parseNarUrl(file, undefined)).toEqual({ hashPart, narHash });
      }),
    );
  });
});

describe("parseNarUrl", () => {
  it.each([
    ["nix-serve's and ours", `${HASH_PART}-${NAR_HASH}.nar`, undefined],
    ["harmonia's", `${NAR_HASH}.nar`, HASH_PART],
    ["ours with a query that means nothing to it", `${HASH_PART}-${NAR_HASH}.nar`, "x"],
  ])("reads the shape of %s", (_, file, hash) => {
    expect(parseNarUrl(file, hash)).toEqual({ hashPart: HASH_PART, narHash: NAR_HASH });
  });

  it("reads the shape of old versions of nix-serve, without a NAR hash", () => {
    expect(parseNarUrl(`${HASH_PART}.nar`, undefined)).toStrictEqual({ hashPart: HASH_PART });
  });

  it.each([
    ["a compressed NAR", `${NAR_HASH}.nar.xz`, HASH_PART],
    ["harmonia's shape without a hash part", `${NAR_HASH}.nar`, undefined],
    ["harmonia's shape with a doubled hash part", `${NAR_HASH}.nar`, [HASH_PART, HASH_PART]],
    ["harmonia's shape with a short hash part", `${NAR_HASH}.nar`, HASH_PART.slice(1)],
    ["a hash part that is too long", `${HASH_PART}0.nar`, undefined],
    ["upper case", `${HASH_PART.toUpperCase()}.nar`, undefined],
    ["letters that nix base 32 lacks", `${"e".repeat(32)}.nar`, undefined],
    ["a line feed at the end", `${HASH_PART}.nar\n`, undefined],
    ["another dash", `${HASH_PART}-${NAR_HASH}-x.nar`, undefined],
    ["a path", `../${HASH_PART}.nar`, undefined],
    ["nothing", "", undefined],
  ])("answers undefined for %s", (_, file, hash) => {
    expect(parseNarUrl(file, hash)).toBeUndefined();
  });
});
