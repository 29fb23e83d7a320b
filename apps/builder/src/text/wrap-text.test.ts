import { describe, expect, it } from "vitest";

import { wrapText } from "./wrap-text.ts";

describe("wrapText", () => {
  it("breaks between words", () => {
    expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
  });

  it("leaves a word whole that is longer than a line", () => {
    expect(wrapText("a /nix/store/long b", 6)).toEqual(["a", "/nix/store/long", "b"]);
  });

  it("counts no colors", () => {
    expect(wrapText("\u001b[31mone\u001b[39m two", 7)).toEqual(["\u001b[31mone\u001b[39m two"]);
  });
});
