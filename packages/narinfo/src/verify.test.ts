import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { narInfos, seeds } from "../test/arbitraries.ts";
import { realNarInfos, sign } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { generateSecretKey, parsePublicKey, toPublicKey } from "./keys.ts";
import type { NarInfo } from "./nar-info.ts";
import { parseNarInfo } from "./parse-nar-info.ts";
import { signNarInfo } from "./sign.ts";
import { type SignedFields, type Verifier, verifyNarInfo } from "./verify.ts";

const { k1, k2, k1other } = sign.keys;
const [REAL] = realNarInfos.map(({ text }) => parseNarInfo(text));
const OTHER_PATH = "/nix/store/00000000000000000000000000000000-x";

// A fingerprint is made of fields, and those sort their references: this vector has no counterpart here.
const verifyVectors = sign.verify.filter(({ id }) => id !== "verify-refs-unsorted");

describe("verifyNarInfo", () => {
  it.each(realNarInfos)("trusts $name with either key", ({ text }) => {
    const info = parseNarInfo(text);

    expect(verifyNarInfo(info, [k1.public])).toBe(true);
    expect(verifyNarInfo(info, [parsePublicKey(k2.public)])).toBe(true);
  });

  it.each(verifyVectors)(
    "comes to Nix's verdict on $id",
    ({ fingerprint, signature, publicKey, expect: verdict }) => {
      const info = { ...fieldsOf(fingerprint), signatures: [signature] };

      expect(verifyNarInfo(info, [publicKey])).toBe(verdict);
    },
  );

  it("trusts references in any order", () => {
    const info = { ...real(), references: real().references.toReversed() };

    expect(verifyNarInfo(info, [k1.public])).toBe(true);
  });

  it("trusts nothing without a key", () => {
    expect(verifyNarInfo(real(), [])).toBe(false);
  });

  it("trusts nothing without a signature", () => {
    expect(verifyNarInfo({ ...real(), signatures: [] }, [k1.public])).toBe(false);
  });

  it("needs one good signature among bad ones", () => {
    const bad = ["", "x", `${k1.public.split(":")[0]}:AAAA`, `other:${"A".repeat(86)}==`];

    const info = { ...real(), signatures: [...bad, ...real().signatures] };

    expect(verifyNarInfo(info, [k1.public])).toBe(true);
  });

  it("tries every key of the signature's name", () => {
    expect(verifyNarInfo(real(), [k1other.public, k1.public])).toBe(true);
  });

  it("asks a verifier for signatures of its name", () => {
    const asked: string[] = [];
    const verifier: Verifier = {
      name: "cache.example.org-2",
      verify: (message) => {
        asked.push(Buffer.from(message).toString());
        return true;
      },
    };

    expect(verifyNarInfo(real(), [verifier])).toBe(true);
    expect(asked).toEqual([expect.stringMatching(/^1;\/nix\/store\//)]);
  });

  it.each<[string, Partial<SignedFields>]>([
    ["store path", { storePath: OTHER_PATH }],
    ["NAR hash", { narHash: "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73" }],
    ["NAR size", { narSize: 1 }],
    ["references", { references: [OTHER_PATH] }],
    ["store path that is none", { storePath: "x" }],
    ["NAR hash that is none", { narHash: "x" }],
    ["NAR size that is none", { narSize: -1 }],
    ["references that are none", { references: ["x"] }],
  ])("answers false for another %s", (_, fields) => {
    expect(verifyNarInfo({ ...real(), ...fields }, [k1.public, k2.public])).toBe(false);
  });

  it.each<[string, Partial<NarInfo>]>([
    ["URL", { url: "elsewhere" }],
    ["compression", { compression: "zstd" }],
    ["deriver", { deriver: OTHER_PATH }],
    ["content address", { ca: "fixed:md5:4jqlbi14cxf6wpcajbphm40hax" }],
  ])("does not look at the %s", (_, fields) => {
    expect(verifyNarInfo({ ...real(), ...fields }, [k1.public])).toBe(true);
  });

  it("throws for a malformed key to trust", () => {
    expect(outcome(() => verifyNarInfo(real(), ["nonsense"]))).toBe("ERR_NARINFO_KEY");
  });

  it("trusts what signNarInfo signed", () => {
    fc.assert(
      fc.property(narInfos, seeds, (info, seed) => {
        const secretKey = generateSecretKey("a", seed);

        const signed = { ...info, signatures: [signNarInfo(info, secretKey)] };

        expect(verifyNarInfo(signed, [toPublicKey(secretKey)])).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("trusts no signature with a flipped bit", () => {
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const [name, base64] = real().signatures[0]?.split(":") ?? [];
        const bytes = Buffer.from(base64 ?? "", "base64");
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);

        const signatures = [`${name}:${bytes.toString("base64")}`];

        expect(verifyNarInfo({ ...real(), signatures }, [k1.public])).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("trusts no signed field with a flipped bit", () => {
    const text = realNarInfos[0]?.text ?? "";
    const signed = [...text.matchAll(/(?<=StorePath: |NarHash: |NarSize: |References: ).+/g)];
    const offsets = signed.flatMap(({ 0: value, index }) => Array.from(value, (_, at) => index + at));

    fc.assert(
      fc.property(fc.constantFrom(...offsets), fc.nat(6), (offset, bit) => {
        const flipped = Buffer.from(text);
        flipped.writeUInt8(flipped.readUInt8(offset) ^ (1 << bit), offset);

        const verdict = outcome(() =>
          verifyNarInfo(parseNarInfo(flipped.toString()), [k1.public, k2.public]),
        );

        expect(verdict).not.toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

function real(): NarInfo {
  if (REAL === undefined) throw new Error("the fixtures have no narinfo");
  return REAL;
}

function fieldsOf(fingerprint: string): Omit<SignedFields, "signatures"> {
  const [, storePath = "", narHash = "", narSize, references = ""] = fingerprint.split(";");
  return { storePath, narHash, narSize: Number(narSize), references: references.split(",") };
}
