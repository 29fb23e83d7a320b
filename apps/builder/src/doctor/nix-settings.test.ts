import { describe, expect, it } from "vitest";

import { hasUser, readList } from "./nix-settings.ts";

const USER = { name: "builder", groups: ["builder", "wheel"] };

describe("hasUser", () => {
  it.each([
    [["*"], true],
    [["root", "builder"], true],
    [["@wheel"], true],
    [["root", "@builders"], false],
    [["wheel"], false],
    [[], false],
  ])("finds the user in %j: %s", (list, expected) => {
    expect(hasUser(list, USER)).toBe(expected);
  });
});

describe("readList", () => {
  it("reads lists, and texts of words", () => {
    expect(readList({ a: ["x", "y"], b: "x  y", c: "" }, "a")).toEqual(["x", "y"]);
    expect(readList({ b: "x  y" }, "b")).toEqual(["x", "y"]);
    expect(readList({ c: "" }, "c")).toEqual([]);
    expect(readList({}, "d")).toEqual([]);
  });
});
