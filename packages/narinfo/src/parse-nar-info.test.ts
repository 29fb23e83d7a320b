import { describe, expect, it } from "vitest";

import { narInfoCases } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { NarInfoError } from "./errors.ts";
import { parseNarInfo } from "./parse-nar-info.ts";

const STORE_PATH = "/nix/store/552hbm8si9y1d090nnlqs6misr8qcly8-x";
const NAR_HASH = "sha256:06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd";
const MINIMAL = `StorePath: ${STORE_PATH}\nURL: nar/x.nar\nNarHash: ${NAR_HASH}\nNarSize: 440\n`;
const A = "103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a";
const B = "dbh0474rrchswlvznldz8dkipkc9281h-b";

const accepted = narInfoCases.filter(({ required }) => required === "accept");
const refused = narInfoCases.filter(({ required }) => required === "reject");

describe("parseNarInfo", () => {
  it.each(accepted)("reads $id as Nix does", ({ text, nix }) => {
    expect(parseNarInfo(text)).toMatchObject(nix);
  });

  it.each(refused)("refuses $id", ({ text }) => {
    expect(() => parseNarInfo(text)).toThrow(NarInfoError);
  });

  it("gives only the fields that are there", () => {
    expect(parseNarInfo(MINIMAL)).toEqual({
      storePath: STORE_PATH,
      url: "nar/x.nar",
      compression: "bzip2",
      narHash: NAR_HASH,
      narSize: 440,
      references: [],
      signatures: [],
    });
  });

  it.each([
    ["Compression: \n", "bzip2"],
    ["Compression: br\n", "br"],
    ["Compression: zstd\n", "zstd"],
    ["Compression: lz4\n", "lz4"],
    ["Compression: compress\n", "compress"],
    ["Compression: xz\nCompression: none\n", "none"],
  ])("takes the compression of %j", (lines, compression) => {
    expect(parseNarInfo(MINIMAL + lines).compression).toBe(compression);
  });

  it("sorts references and drops duplicates", () => {
    const info = parseNarInfo(`${MINIMAL}References: ${B}  ${A} ${B} \n`);

    expect(info.references).toEqual([`/nix/store/${A}`, `/nix/store/${B}`]);
  });

  it("sorts signatures and drops duplicates", () => {
    const info = parseNarInfo(`${MINIMAL}Sig: b:AAAA\nSig: a:AAAA\nSig: b:AAAA\n`);

    expect(info.signatures).toEqual(["a:AAAA", "b:AAAA"]);
  });

  it("takes a second References line while the first is empty", () => {
    expect(parseNarInfo(`${MINIMAL}References: \nReferences: ${A}\n`).references).toEqual([
      `/nix/store/${A}`,
    ]);
  });

  it("takes a second CA line while the first is empty", () => {
    expect(parseNarInfo(`${MINIMAL}CA: \nCA: fixed:${NAR_HASH}\n`).ca).toBe(`fixed:${NAR_HASH}`);
  });

  it("takes the last of several NarSize lines", () => {
    expect(parseNarInfo(`${MINIMAL}NarSize: 441\n`).narSize).toBe(441);
  });

  it("leaves out a deriver that is unknown", () => {
    expect(parseNarInfo(`${MINIMAL}Deriver: unknown-deriver\n`)).not.toHaveProperty("deriver");
  });

  it("leaves out a file size of 0", () => {
    expect(parseNarInfo(`${MINIMAL}FileSize: 0\n`)).not.toHaveProperty("fileSize");
  });

  it("reads a narinfo of another store", () => {
    const text = `${MINIMAL}References: ${A}\nDeriver: ${B}.drv\n`.replace("/nix/store", "/home/me/store");

    const info = parseNarInfo(text, { storeDir: "/home/me/store" });

    expect(info.references).toEqual([`/home/me/store/${A}`]);
    expect(info.deriver).toBe(`/home/me/store/${B}.drv`);
  });

  it.each([
    ["ERR_NARINFO_MISSING", ""],
    ["ERR_NARINFO_MISSING", MINIMAL.replace("nar/x.nar", "")],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL}\n`],
    ["ERR_NARINFO_SYNTAX", `\n${MINIMAL}`],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL} \nCA: \n`],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL}no colon\n`],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL}no colon\nCA: \n`],
    ["ERR_NARINFO_SYNTAX", MINIMAL.slice(0, -1)],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL}CA:`],
    ["ERR_NARINFO_SYNTAX", `${MINIMAL}CA:\n`],
    ["ERR_NARINFO_STORE_PATH", MINIMAL.replace("StorePath: ", "StorePath:")],
    ["ERR_NARINFO_STORE_PATH", `${MINIMAL}References:\nDeriver: ${A}\n`],
    ["ERR_NARINFO_STORE_PATH", `${MINIMAL}References: /nix/store/${A}\n`],
    ["ERR_NARINFO_STORE_PATH", `${MINIMAL}Deriver: /nix/store/${A}.drv\n`],
    ["ERR_NARINFO_STORE_PATH", MINIMAL.replace("/nix/store", "/gnu/store")],
    ["ERR_NARINFO_DUPLICATE", `${MINIMAL}References: ${A}\nReferences: \n`],
    ["ERR_NARINFO_HASH", `${MINIMAL}FileHash: \n`],
    ["ERR_NARINFO_SIZE", `${MINIMAL}FileSize: -1\n`],
    ["ERR_NARINFO_SIZE", `${MINIMAL}NarSize: 18446744073709551616\n`],
    ["ERR_NARINFO_SIZE", `${MINIMAL}NarSize: 0\n`],
    ["ERR_NARINFO_SIGNATURE", `${MINIMAL}Sig: no-colon\n`],
    [
      "ERR_NARINFO_CONTENT_ADDRESS",
      `${MINIMAL}CA: fixed:r:sha256-DY5XopCigCBvq72LqHIzYye+xW8ZPP1+f2mfMNzIgRk=\n`,
    ],
    ["ERR_NARINFO_COMPRESSION", `${MINIMAL}Compression: xz \n`],
  ])("throws %s for %j", (code, text) => {
    expect(outcome(() => parseNarInfo(text))).toBe(code);
  });

  it("says in which line and field the error is", () => {
    expect(() => parseNarInfo(`${MINIMAL}Deriver: nonsense\n`)).toThrow(
      expect.objectContaining({ field: "Deriver", line: 5 }),
    );
  });

  it("refuses what is not a string", () => {
    // @ts-expect-error bytes are not text
    expect(() => parseNarInfo(new Uint8Array())).toThrow(TypeError);
  });
});
