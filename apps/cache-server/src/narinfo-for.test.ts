import { describe, expect, it } from "vitest";

import { MULTI } from "../test/fixtures.ts";
import { formatNarInfoFor } from "./narinfo-for.ts";

const STORE_DIR = "/nix/store";
const zeroKey = { name: "cache.example.org-1", sign: () => Buffer.alloc(64) };
const key2 = {
  name: "cache.example.org-2",
  sign: () => Buffer.from(MULTI.signature2.slice("cache.example.org-2:".length), "base64"),
};
const lines = (text: string, name: string): string[] =>
  text.split("\n").filter((line) => line.startsWith(`${name}:`));

describe("formatNarInfoFor", () => {
  it("writes what Nix itself writes of the path, served uncompressed", () => {
    const text = formatNarInfoFor(MULTI.info, STORE_DIR, [key2]);

    expect(text).toBe(`StorePath: /nix/store/552hbm8si9y1d090nnlqs6misr8qcly8-multi
URL: nar/552hbm8si9y1d090nnlqs6misr8qcly8-1mmfn33pimyfi2yank7gvijlv7q1jh3hs1b9m37n1yvy0pdwiby5.nar
Compression: none
FileHash: sha256:1mmfn33pimyfi2yank7gvijlv7q1jh3hs1b9m37n1yvy0pdwiby5
FileSize: 336
NarHash: sha256:1mmfn33pimyfi2yank7gvijlv7q1jh3hs1b9m37n1yvy0pdwiby5
NarSize: 336
References: pmkkwdh75z5r5l3zdw21kdvcrmpfxm89-multi-dev
Deriver: g2hsjmgjyx57j094g5w32msfff0wwil4-multi.drv
Sig: ${MULTI.signature1}
Sig: ${MULTI.signature2}
`);
  });

  it("puts a fresh signature in place of a stored one of the same key name", () => {
    const text = formatNarInfoFor(MULTI.info, STORE_DIR, [zeroKey, key2]);

    const zeros = `${"A".repeat(86)}==`;
    expect(lines(text, "Sig")).toEqual([`Sig: cache.example.org-1:${zeros}`, `Sig: ${MULTI.signature2}`]);
  });

  it("keeps the first of several stored signatures of one key name", () => {
    const signatures = [...MULTI.info.signatures, "cache.example.org-1:AAAA"];

    const text = formatNarInfoFor({ ...MULTI.info, signatures }, STORE_DIR, []);

    expect(lines(text, "Sig")).toEqual([`Sig: ${MULTI.signature1}`]);
  });

  it("leaves malformed stored signatures out, for which Nix 2.34 refuses a narinfo", () => {
    const shadow = "cache.example.org-1:!!!";
    const signatures = ["no-colon", ":AAAA", "empty:", "bad:base64!", shadow, ...MULTI.info.signatures];

    const text = formatNarInfoFor({ ...MULTI.info, signatures }, STORE_DIR, []);

    expect(lines(text, "Sig")).toEqual([`Sig: ${MULTI.signature1}`]);
  });

  it("passes a content address on", () => {
    const ca = "fixed:r:sha256:12f9d7n92xxj9bchq880f68yrnv7hpqwdb6yilcm6prg33m6fy69";

    expect(lines(formatNarInfoFor({ ...MULTI.info, ca }, STORE_DIR, []), "CA")).toEqual([`CA: ${ca}`]);
  });

  it("leaves a malformed content address and deriver out", () => {
    const text = formatNarInfoFor({ ...MULTI.info, ca: "fixed:x", deriver: "unknown-deriver" }, STORE_DIR, [
      key2,
    ]);

    expect([lines(text, "CA"), lines(text, "Deriver"), lines(text, "Sig").length]).toEqual([[], [], 2]);
  });

  it("keeps the space after empty references, without which Nix reads the next line for the value", () => {
    const text = formatNarInfoFor({ ...MULTI.info, references: [] }, STORE_DIR, []);

    expect(lines(text, "References")).toEqual(["References: "]);
  });

  it.each([
    ["a size that is not known", { narSize: 0 }, "ERR_NARINFO_SIZE"],
    ["a name that Nix refuses", { path: `${MULTI.info.path.slice(0, 44)}..` }, "ERR_NARINFO_STORE_PATH"],
    [
      "a path of another store",
      { path: "/gnu/store/552hbm8si9y1d090nnlqs6misr8qcly8-multi" },
      "ERR_NARINFO_STORE_PATH",
    ],
  ])("refuses %s", (_, change, code) => {
    expect(() => formatNarInfoFor({ ...MULTI.info, ...change }, STORE_DIR, [])).toThrow(
      expect.objectContaining({ name: "NarInfoError", code }),
    );
  });
});
