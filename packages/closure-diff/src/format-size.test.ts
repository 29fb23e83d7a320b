import { describe, expect, it } from "vitest";

import { formatSize, formatSizeDelta } from "./format-size.ts";

describe("formatSize", () => {
  it.each([
    [0, "0.0 KiB"],
    [8192, "8.0 KiB"],
    [1_048_524, "1023.9 KiB"],
    [1_048_525, "1.0 MiB"],
    [4_294_967_296, "4.0 GiB"],
    [Number.MAX_SAFE_INTEGER, "8.0 PiB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("formatSizeDelta", () => {
  it.each([
    [3_565_158, "+3.4 MiB"],
    [-6_756_147, "-6.4 MiB"],
    [1, "±0"],
    [-51, "±0"],
    [-52, "-0.1 KiB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(formatSizeDelta(bytes)).toBe(text);
  });
});
