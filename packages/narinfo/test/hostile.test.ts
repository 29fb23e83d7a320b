import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  decodeNixBase32,
  parseCacheInfo,
  parseHash,
  parseNarInfo,
  parsePublicKey,
  parseSecretKey,
  parseStorePath,
  verifyNarInfo,
} from "../src/index.ts";
import { narInfoCases, sign } from "./fixtures.ts";
import { outcome } from "./outcome.ts";

const MEGA = 1_000_000;
/** What is linear takes some tens of ms; what is quadratic in a million takes minutes. */
const TIMEOUT_MS = 5_000;

const BASE = narInfoCases.find(({ id }) => id === "narinfo-ok-baseline")?.text ?? "";
const KEY = sign.keys.k1.public;
const BASE_NAME = "103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-selfref";

describe("parseNarInfo of hostile text", () => {
  it.each([
    ["a million letters", "a".repeat(MEGA)],
    ["a million colons", ":".repeat(MEGA)],
    ["a million line feeds", "\n".repeat(MEGA)],
    ["a million short lines that no one knows", "a: b\n".repeat(MEGA)],
    ["a million empty References", "References: \n".repeat(MEGA)],
    ["a million spaces for references", `References: ${" ".repeat(MEGA)}\n`],
    ["ten thousand references", `References: ${`${BASE_NAME} `.repeat(10_000)}\n`],
    ["a reference of a million letters", `References: ${BASE_NAME}${"a".repeat(MEGA)}\n`],
    ["a million digits", `NarSize: ${"9".repeat(MEGA)}\n`],
    ["a million zeros", `NarSize: ${"0".repeat(MEGA)}\n`],
    ["a hash of a million letters", `NarHash: sha256:${"0".repeat(MEGA)}\n`],
    ["an SRI hash of a million letters", `NarHash: sha256-${"A".repeat(MEGA)}\n`],
    ["a signature of a million letters", `Sig: ${"a:".repeat(MEGA)}\n`],
    [
      "a hundred thousand signatures",
      Array.from({ length: 100_000 }, (_, n) => `Sig: a:AAAA${n}\n`).join(""),
    ],
    ["a content address of a million letters", `CA: ${"fixed:r:".repeat(MEGA)}\n`],
    ["a million control characters", `Deriver: ${"\u0001".repeat(MEGA)}\n`],
  ])("comes to a verdict on %s in linear time", { timeout: TIMEOUT_MS }, (_, line) => {
    expect(outcome(() => parseNarInfo(line + BASE))).toBeDefined();
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "signatures", "storePath"])(
    "takes the key %s for one it does not know",
    (key) => {
      expect(parseNarInfo(`${key}: x\n${BASE}`)).toEqual(parseNarInfo(BASE));
    },
  );

  it.each([
    ["carriage returns", BASE.replaceAll("\n", "\r\n")],
    ["carriage returns alone", BASE.replaceAll("\n", "\r")],
    ["a byte order mark", `\ufeff${BASE}`],
    ["a NUL in front", `\0${BASE}`],
    ["a NUL in a name", BASE.replace("-selfref", "-self\0ref")],
    ["a NUL behind", `${BASE}\0`],
    ["a line separator of Unicode", BASE.replace("\n", "\u2028")],
    ["a full-width colon", BASE.replace(":", "\uff1a")],
    ["a full-width digit", BASE.replace("NarSize: 440", "NarSize: 44\uff10")],
    ["a lone surrogate", BASE.replace("-selfref", "-\ud800")],
    ["HTML", "<!doctype html><title>404: Not Found</title>\n"],
  ])("refuses %s", (_, text) => {
    expect(outcome(() => parseNarInfo(text))).toMatch(/^ERR_NARINFO_/);
  });

  it("keeps its messages short and on one line", () => {
    const text = BASE.replace("-selfref", `-${"\u0007\u001b[31m".repeat(MEGA)}`);
    const isShort = (error: unknown): boolean =>
      // oxlint-disable-next-line no-control-regex -- a terminal's escape sequences are what must not be there
      error instanceof Error && error.message.length < 1_000 && !/[\0-\x1f]/.test(error.message);

    expect(() => parseNarInfo(text)).toThrow(expect.toSatisfy(isShort));
  });

  it("comes to a verdict on any text", () => {
    const lines = fc.array(fc.oneof(fc.constantFrom(...BASE.split("\n")), fc.string()));

    fc.assert(
      fc.property(lines, (all) => {
        expect(outcome(() => parseNarInfo(all.join("\n")))).toBeDefined();
      }),
    );
  });

  it("comes to a verdict on any cut and any changed character", () => {
    fc.assert(
      fc.property(fc.nat(BASE.length), fc.nat(BASE.length), fc.string(), (start, end, patch) => {
        const text = BASE.slice(0, start) + patch + BASE.slice(end);

        expect(outcome(() => parseNarInfo(text))).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the other parsers of hostile text", () => {
  it.each([
    ["parseCacheInfo", parseCacheInfo],
    ["parseHash", parseHash],
    ["parsePublicKey", parsePublicKey],
    ["parseSecretKey", parseSecretKey],
    ["parseStorePath", parseStorePath],
    ["decodeNixBase32", decodeNixBase32],
  ])("lets %s come to a verdict on any text", (_, parse) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(outcome(() => parse(text))).toBeDefined();
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ["a cache info of spaces", () => parseCacheInfo(`Priority: ${" ".repeat(MEGA)}x`)],
    ["a cache info of colons", () => parseCacheInfo(":\n".repeat(MEGA))],
    ["base 32", () => decodeNixBase32("z".repeat(MEGA))],
    ["a hash", () => parseHash(`sha512-${"=".repeat(MEGA)}`)],
    ["a key", () => parsePublicKey(`a:${"A\n".repeat(MEGA)}`)],
    ["a store path of slashes", () => parseStorePath("/".repeat(MEGA))],
    ["a store path", () => parseStorePath(`/nix/store/${BASE_NAME}${"-".repeat(MEGA)}`)],
  ])("comes to a verdict on %s of a million letters in linear time", { timeout: TIMEOUT_MS }, (_, parse) => {
    expect(outcome(parse)).toBeDefined();
  });
});

describe("verifyNarInfo of hostile signatures", () => {
  it("answers false for any text", () => {
    const info = parseNarInfo(BASE);
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((text) => `cache.example.org-1:${text}`),
      fc.base64String({ minLength: 88, maxLength: 88 }).map((text) => `cache.example.org-1:${text}`),
    );

    fc.assert(
      fc.property(fc.array(texts), (signatures) => {
        expect(verifyNarInfo({ ...info, signatures }, [KEY])).toBe(false);
      }),
    );
  });

  it("answers for a hundred thousand signatures of other names in no time", { timeout: TIMEOUT_MS }, () => {
    const signatures = Array.from({ length: 100_000 }, (_, n) => `${n}:${"A".repeat(86)}==`);

    expect(verifyNarInfo({ ...parseNarInfo(BASE), signatures }, [KEY])).toBe(false);
  });
});
