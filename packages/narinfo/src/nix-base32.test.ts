import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { base32 } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { decodeNixBase32, encodeNixBase32 } from "./nix-base32.ts";

const accepted = base32.decode_edge.filter((vector) => !vector["nix_2.34.8"].startsWith("ERR"));
const refused = base32.decode_edge.filter((vector) => vector["nix_2.34.8"].startsWith("ERR"));

describe("encodeNixBase32", () => {
  it.each(base32.encode_decode)("writes $id as nix-hash does", ({ base16, nix32 }) => {
    expect(encodeNixBase32(Buffer.from(base16, "hex"))).toBe(nix32);
  });

  it("writes no bytes as no characters", () => {
    expect(encodeNixBase32(new Uint8Array())).toBe("");
  });

  it("refuses what is not a Uint8Array", () => {
    // @ts-expect-error a string is no Uint8Array
    expect(() => encodeNixBase32("00")).toThrow(TypeError);
  });
});

describe("decodeNixBase32", () => {
  it.each(base32.encode_decode)("reads $id as nix-hash does", ({ base16, nix32 }) => {
    expect(Buffer.from(decodeNixBase32(nix32)).toString("hex")).toBe(base16);
  });

  it.each(accepted)("reads $id", (vector) => {
    expect(Buffer.from(decodeNixBase32(vector.nix32)).toString("hex")).toBe(vector["nix_2.34.8"]);
  });

  // A hash of one character more is a valid text of 33 bytes; only the length of the hash makes it wrong.
  it.each(refused.filter((vector) => vector.id !== "b32-bad-long"))("refuses $id", ({ nix32 }) => {
    expect(outcome(() => decodeNixBase32(nix32))).toBe("ERR_NARINFO_BASE32");
  });

  it.each(["0", "000", "000000"])("refuses %j, a length that no number of bytes has", (text) => {
    expect(outcome(() => decodeNixBase32(text))).toBe("ERR_NARINFO_BASE32");
  });

  it("reads back what encodeNixBase32 wrote", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeNixBase32(encodeNixBase32(bytes))).toEqual(bytes);
      }),
    );
  });

  it("takes one text only for given bytes", () => {
    const texts = fc.stringMatching(/^[0-9a-df-np-sv-z]{0,30}$/);

    fc.assert(
      fc.property(texts, (text) => {
        const bytes = outcome(() => decodeNixBase32(text));

        expect(typeof bytes === "string" ? text : encodeNixBase32(bytes)).toBe(text);
      }),
    );
  });

  it("refuses every text with an upper-case letter", () => {
    const texts = fc.tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(51));

    fc.assert(
      fc.property(texts, ([bytes, index]) => {
        const text = encodeNixBase32(bytes);
        const upper = text.slice(0, index) + text.charAt(index).toUpperCase() + text.slice(index + 1);
        fc.pre(upper !== text);

        expect(outcome(() => decodeNixBase32(upper))).toBe("ERR_NARINFO_BASE32");
      }),
    );
  });
});
