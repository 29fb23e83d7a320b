import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { narInfos } from "../test/arbitraries.ts";
import { realNarInfos } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { formatNarInfo } from "./format-nar-info.ts";
import type { NarInfo } from "./nar-info.ts";
import { parseNarInfo } from "./parse-nar-info.ts";

const A = "103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a";
const B = "dbh0474rrchswlvznldz8dkipkc9281h-b";
const INFO: NarInfo = {
  storePath: `/nix/store/${A}`,
  url: "nar/x.nar",
  compression: "none",
  narHash: "sha256:06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd",
  narSize: 440,
  references: [],
  signatures: [],
};
const TEXT = `StorePath: /nix/store/${A}
URL: nar/x.nar
Compression: none
NarHash: sha256:06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd
NarSize: 440
References: 
`;

describe("formatNarInfo", () => {
  it.each(realNarInfos)("writes $name as Nix did", ({ text }) => {
    expect(formatNarInfo(parseNarInfo(text))).toBe(text);
  });

  it("keeps the space of empty references", () => {
    expect(formatNarInfo(INFO)).toBe(TEXT);
  });

  it.each([
    "sha256:0d8e57a290a280206fabbd8ba872336327bec56f193cfd7e7f699f30dcc88119",
    "sha256-DY5XopCigCBvq72LqHIzYye+xW8ZPP1+f2mfMNzIgRk=",
    "sha256:DY5XopCigCBvq72LqHIzYye+xW8ZPP1+f2mfMNzIgRk=",
  ])("writes the NAR hash %s in nix base 32", (narHash) => {
    expect(formatNarInfo({ ...INFO, narHash })).toBe(TEXT);
  });

  it("sorts references and signatures, each once", () => {
    const references = [`/nix/store/${B}`, `/nix/store/${A}`, `/nix/store/${B}`];
    const signatures = ["b:AAAA", "a:AAAA", "b:AAAA"];

    const text = formatNarInfo({ ...INFO, references, signatures });

    expect(text).toContain(`References: ${A} ${B}\nSig: a:AAAA\nSig: b:AAAA\n`);
  });

  it("writes paths of another store", () => {
    const storePath = `/home/me/store/${A}`;

    const text = formatNarInfo({ ...INFO, storePath, references: [storePath], deriver: `${storePath}.drv` });

    expect(text).toContain(`StorePath: ${storePath}\n`);
    expect(text).toContain(`References: ${A}\nDeriver: ${A}.drv\n`);
  });

  it("leaves out a file size of 0, as Nix does", () => {
    expect(formatNarInfo({ ...INFO, fileSize: 0 })).toBe(TEXT);
  });

  it.each<[string, Partial<NarInfo>]>([
    ["ERR_NARINFO_STORE_PATH", { storePath: A }],
    ["ERR_NARINFO_STORE_PATH", { storePath: "" }],
    ["ERR_NARINFO_STORE_PATH", { storePath: `/nix/store/${A}\n` }],
    ["ERR_NARINFO_STORE_PATH", { storePath: `/nix/\nstore/${A}` }],
    ["ERR_NARINFO_STORE_PATH", { references: [A] }],
    ["ERR_NARINFO_STORE_PATH", { references: [`/nix/store/${A} ${B}`] }],
    ["ERR_NARINFO_STORE_PATH", { references: [`/gnu/store/${A}`] }],
    ["ERR_NARINFO_STORE_PATH", { deriver: "" }],
    ["ERR_NARINFO_STORE_PATH", { deriver: `${B}.drv` }],
    ["ERR_NARINFO_URL", { url: "" }],
    ["ERR_NARINFO_URL", { url: "nar/x.nar\nDeriver: x" }],
    ["ERR_NARINFO_HASH", { narHash: `${INFO.narHash}\n` }],
    ["ERR_NARINFO_HASH", { narHash: `md5:${"0".repeat(26)}` }],
    ["ERR_NARINFO_HASH", { fileHash: "" }],
    ["ERR_NARINFO_SIZE", { narSize: 0 }],
    ["ERR_NARINFO_SIZE", { narSize: 0.5 }],
    ["ERR_NARINFO_SIZE", { narSize: 2 ** 53 }],
    ["ERR_NARINFO_SIZE", { fileSize: -1 }],
    ["ERR_NARINFO_SIZE", { fileSize: Number.NaN }],
    ["ERR_NARINFO_SIGNATURE", { signatures: [""] }],
    ["ERR_NARINFO_SIGNATURE", { signatures: ["a:AAAA\nCA: x"] }],
    ["ERR_NARINFO_CONTENT_ADDRESS", { ca: "" }],
    ["ERR_NARINFO_HASH", { ca: "fixed:sha256:x" }],
  ])("throws %s for %j", (code, fields) => {
    expect(outcome(() => formatNarInfo({ ...INFO, ...fields }))).toBe(code);
  });

  it("refuses a compression that Nix does not know", () => {
    // @ts-expect-error brotli is called br
    expect(outcome(() => formatNarInfo({ ...INFO, compression: "brotli" }))).toBe("ERR_NARINFO_COMPRESSION");
  });

  it("writes what parseNarInfo reads back", () => {
    fc.assert(
      fc.property(narInfos, (info) => {
        expect(parseNarInfo(formatNarInfo(info))).toEqual(info);
      }),
    );
  });
});
