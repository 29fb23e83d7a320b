import { describe, expect, it } from "vitest";

import { outcome } from "../test/outcome.ts";
import { parseSignature } from "./signature.ts";

describe("parseSignature", () => {
  it("ends the name at the first colon", () => {
    expect(parseSignature("cache.example.org-1:AQI=")).toEqual({
      name: "cache.example.org-1",
      bytes: Uint8Array.of(1, 2),
    });
  });

  it.each(["", "a", "a:", ":AQI=", "a:!!", "a:=", "a: AQI=", "a:AQI= \n", "\na:AQI=", "a:b:AQI="])(
    "refuses %j",
    (text) => {
      expect(outcome(() => parseSignature(text))).toBe("ERR_NARINFO_SIGNATURE");
    },
  );
});
