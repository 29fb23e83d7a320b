import { createPrivateKey, sign as signWithNode } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { narInfos, seeds } from "../test/arbitraries.ts";
import { sign } from "../test/fixtures.ts";
import { generateSecretKey, parseSecretKey, type SecretKey } from "./keys.ts";
import { type Signer, signNarInfo } from "./sign.ts";

const SECRET_KEY = generateSecretKey("a", new Uint8Array(32));
const FIELDS = {
  storePath: "/nix/store/103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a",
  narHash: "sha256:06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd",
  narSize: 440,
  references: [],
};

describe("signNarInfo", () => {
  it.each(sign.sign)("signs $storePath as Nix does", (vector) => {
    const info = { ...vector, narSize: Number(vector.narSize) };

    expect(signNarInfo(info, parseSecretKey(sign.keys.k1.secret))).toBe(vector.signatures.k1);
    expect(signNarInfo(info, parseSecretKey(sign.keys.k2.secret))).toBe(vector.signatures.k2);
  });

  it("gives the same signature with a signer of node:crypto", () => {
    fc.assert(
      fc.property(narInfos, seeds, (info, seed) => {
        const secretKey = generateSecretKey("cache.example.org-1", seed);

        expect(signNarInfo(info, nodeSigner(secretKey))).toBe(signNarInfo(info, secretKey));
      }),
      { numRuns: 20 },
    );
  });

  it("refuses what a signer gives if it is not 64 bytes", () => {
    const signer: Signer = { name: "a", sign: () => new Uint8Array(63) };

    expect(() => signNarInfo(FIELDS, signer)).toThrow(RangeError);
  });

  it.each(["", "a:b", "a b", "a\n"])("refuses a signer of the name %j", (name) => {
    const signer: Signer = { name, sign: () => new Uint8Array(64) };

    expect(() => signNarInfo(FIELDS, signer)).toThrow(RangeError);
  });

  it("refuses a secret key that has lost its seed", () => {
    const copy = { ...SECRET_KEY };

    expect(() => signNarInfo(FIELDS, copy)).toThrow(TypeError);
  });

  it("refuses the text of a secret key without repeating it", () => {
    const { secret } = sign.keys.k1;

    // @ts-expect-error a text is no key
    expect(() => signNarInfo(FIELDS, secret)).toThrow(/^expected a secret key or a signer, got neither$/);
  });
});

function nodeSigner({ name, seed }: SecretKey): Signer {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
  return { name, sign: (message) => signWithNode(null, message, key) };
}
