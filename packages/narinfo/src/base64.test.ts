import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("encodeBase64", () => {
  it("writes what Buffer writes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      }),
    );
  });
});

describe("decodeBase64", () => {
  it("reads back what encodeBase64 wrote", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ["without padding", "AQI"],
    ["with padding", "AQI="],
    ["with a line feed", "AQ\nI="],
    ["with anything after the padding", "AQI= \r\nand more"],
    ["with surplus bits", "AQJ"],
  ])("reads text %s", (_, text) => {
    expect(decodeBase64(text)).toEqual(Uint8Array.of(1, 2));
  });

  it.each(["A B=", "AQI\r=", "-_==", "AQI\u00e9", "\ud83d\ude00"])("refuses %j", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
