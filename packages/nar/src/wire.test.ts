import { describe, expect, it } from "vitest";

import { wire } from "../test/bytes.ts";
import { WIRE, encodeStrings, paddingOf } from "./wire.ts";

describe("WIRE", () => {
  it.each([
    ["magic", ["nix-archive-1"]],
    ["directory", ["(", "type", "directory"]],
    ["entry", ["entry", "(", "name"]],
    ["node", ["node"]],
    ["regular", ["(", "type", "regular", "contents"]],
    ["executable", ["(", "type", "regular", "executable", "", "contents"]],
    ["symlink", ["(", "type", "symlink", "target"]],
    ["close", [")"]],
  ] as const)("has %s as its strings", (run, strings) => {
    expect(WIRE[run]).toEqual(wire(...strings));
  });
});

describe("encodeStrings", () => {
  it("writes length, bytes and padding", () => {
    const bytes = encodeStrings("(");

    expect(Buffer.from(bytes).toString("hex")).toBe("01000000000000002800000000000000");
  });
});

describe("paddingOf", () => {
  it.each([
    [0, 0],
    [1, 7],
    [8, 0],
    [13, 3],
    [2 ** 31 + 1, 7],
    [Number.MAX_SAFE_INTEGER, 1],
  ])("pads %d bytes with %d", (size, expected) => {
    expect(paddingOf(size)).toBe(expected);
  });
});
