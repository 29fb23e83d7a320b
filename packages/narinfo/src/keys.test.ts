import { inspect } from "node:util";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { keyNames, seeds } from "../test/arbitraries.ts";
import { sign } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import {
  formatPublicKey,
  formatSecretKey,
  generateSecretKey,
  parsePublicKey,
  parseSecretKey,
  toPublicKey,
} from "./keys.ts";

const { k1, k2 } = sign.keys;
const SEED = new Uint8Array(32).fill(7);

describe("parseSecretKey", () => {
  it.each([k1, k2])("reads the key of $public", ({ secret, public: publicText }) => {
    const secretKey = parseSecretKey(secret);

    expect(formatSecretKey(secretKey)).toBe(secret);
    expect(formatPublicKey(toPublicKey(secretKey))).toBe(publicText);
  });

  it.each([" ", "\n", "\r\n", "="])("ignores %j after the key, as Nix does", (end) => {
    expect(formatSecretKey(parseSecretKey(k1.secret + end))).toBe(k1.secret);
  });

  it("takes a key without padding, as Nix does", () => {
    expect(formatSecretKey(parseSecretKey(k1.secret.replaceAll("=", "")))).toBe(k1.secret);
  });

  it.each([
    ["nothing", ""],
    ["no colon", k1.secret.replace(":", "")],
    ["no name", k1.secret.slice(k1.secret.indexOf(":"))],
    ["no key", "cache.example.org-1:"],
    ["a line feed before the name", `\n${k1.secret}`],
    ["a space in the name", ` ${k1.secret}`],
    ["the alphabet of URLs", k1.secret.replace("+", "-")],
    ["a public key", k1.public],
    ["a byte less", `${k1.secret.slice(0, -4)}==`],
    ["a seed alone", `a:${Buffer.from(SEED).toString("base64")}`],
    ["halves of different keys", `a:${Buffer.alloc(64, 7).toString("base64")}`],
  ])("refuses %s", (_, text) => {
    expect(outcome(() => parseSecretKey(text))).toBe("ERR_NARINFO_KEY");
  });

  it.each([
    k1.secret.replace("+", "!"),
    k1.secret.replace(":", ""),
    `x:${k1.secret}`,
    k1.secret.slice(0, -8),
  ])("says nothing of a key that it refuses", (text) => {
    const leaks = (error: unknown): boolean =>
      inspect(error, { showHidden: true }).includes(k1.secret.slice(30, 50));

    expect(() => parseSecretKey(text)).toThrow(expect.toSatisfy((error) => !leaks(error)));
  });
});

describe("parsePublicKey", () => {
  it.each([k1, k2])("reads $public", ({ public: publicText }) => {
    expect(formatPublicKey(parsePublicKey(publicText))).toBe(publicText);
  });

  it.each(["", k1.secret, k1.public.slice(19), `\n${k1.public}`, k1.public.replace("/", "_"), "a:AAAA"])(
    "refuses %j",
    (text) => {
      expect(outcome(() => parsePublicKey(text))).toBe("ERR_NARINFO_KEY");
    },
  );

  it("refuses what is not a string", () => {
    // @ts-expect-error undefined is no key
    expect(() => parsePublicKey(undefined)).toThrow(TypeError);
  });
});

describe("generateSecretKey", () => {
  it("makes a key that parseSecretKey reads back", () => {
    fc.assert(
      fc.property(keyNames, seeds, (name, seed) => {
        const secretKey = generateSecretKey(name, seed);

        const parsed = parseSecretKey(formatSecretKey(secretKey));

        expect([parsed.name, parsed.seed, parsed.publicKey]).toEqual([name, seed, secretKey.publicKey]);
      }),
      { numRuns: 20 },
    );
  });

  it("derives the public key of RFC 8032, section 7.1, test 1", () => {
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");

    const { publicKey } = generateSecretKey("a", seed);

    const expected = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    expect(Buffer.from(publicKey).toString("hex")).toBe(expected);
  });

  it("keeps a copy of the seed", () => {
    const seed = SEED.slice();
    const secretKey = generateSecretKey("a", seed);

    seed.fill(0);

    expect(secretKey.seed).toEqual(SEED);
  });

  it.each(["", "a:b", "a b", "a\n", "a\0"])("refuses the name %j", (name) => {
    expect(() => generateSecretKey(name, SEED)).toThrow(RangeError);
  });

  it.each([0, 31, 33, 64])("refuses a seed of %d bytes", (size) => {
    expect(() => generateSecretKey("a", new Uint8Array(size))).toThrow(RangeError);
  });

  it("refuses a seed that is not bytes", () => {
    // @ts-expect-error a string is no Uint8Array
    expect(() => generateSecretKey("a", "7".repeat(32))).toThrow(TypeError);
  });
});

describe("a secret key", () => {
  it.each<[string, (key: object) => string]>([
    ["JSON", (key) => JSON.stringify(key)],
    ["inspection", (key) => inspect(key)],
    ["spreading", (key) => inspect({ ...key }, { showHidden: true })],
    ["structured cloning", (key) => inspect(structuredClone(key), { showHidden: true })],
  ])("keeps its seed out of %s", (_, show) => {
    const shown = show(generateSecretKey("a", SEED));

    expect(shown).toContain("publicKey");
    expect(shown).not.toContain("seed");
  });
});
