import { describe, expect, it } from "vitest";

import { outcome } from "../test/outcome.ts";
import { normalizeContentAddress } from "./content-address.ts";

const BASE16 = "0d8e57a290a280206fabbd8ba872336327bec56f193cfd7e7f699f30dcc88119";
const NIX32 = "06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd";

describe("normalizeContentAddress", () => {
  it.each([
    [`text:sha256:${NIX32}`, `text:sha256:${NIX32}`],
    [`fixed:sha256:${BASE16}`, `fixed:sha256:${NIX32}`],
    [`fixed:r:sha256:${BASE16}`, `fixed:r:sha256:${NIX32}`],
    ["fixed:md5:4jqlbi14cxf6wpcajbphm40hax", "fixed:md5:4jqlbi14cxf6wpcajbphm40hax"],
  ])("rewrites %s as Nix prints it", (text, expected) => {
    expect(normalizeContentAddress(text)).toBe(expected);
  });

  it.each([
    ["an unknown method", `foo:sha256:${NIX32}`],
    ["no method", `sha256:${NIX32}`],
    ["an upper-case method", `Fixed:sha256:${NIX32}`],
    ["the method of an experimental feature", "fixed:git:sha1:0000000000000000000000000000000000000000"],
    ["a recursive text", `text:r:sha256:${NIX32}`],
    ["a text by another hash than sha256", `text:sha1:${"0".repeat(40)}`],
    ["an SRI hash", "fixed:sha256-DY5XopCigCBvq72LqHIzYye+xW8ZPP1+f2mfMNzIgRk="],
    ["an unknown algorithm", `fixed:sha3:${NIX32}`],
    ["an empty text", ""],
  ])("refuses %s", (_, text) => {
    expect(outcome(() => normalizeContentAddress(text))).toBe("ERR_NARINFO_CONTENT_ADDRESS");
  });

  it.each([`fixed:sha256:${NIX32} `, `fixed:sha256:${NIX32}0`, "fixed:sha256:"])(
    "refuses the hash of %j",
    (text) => {
      expect(outcome(() => normalizeContentAddress(text))).toBe("ERR_NARINFO_HASH");
    },
  );
});
