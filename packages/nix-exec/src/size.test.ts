import { describe, expect, it } from "vitest";

import { parseSize } from "./size.ts";

describe("parseSize", () => {
  it.each([
    ["0.00", "MiB", 0],
    ["0.1", "KiB", 102],
    ["-0.00", "MiB", 0],
    ["1.50", "GiB", 1_610_612_736],
    ["12", "bytes", 12],
  ])("reads %s %s", (size, unit, bytes) => {
    expect(parseSize(size, unit)).toBe(bytes);
  });

  it.each([
    ["1", "MB"],
    ["", "MiB"],
    ["1.2.3", "MiB"],
    ["1", "toString"],
  ])("refuses %j %j", (size, unit) => {
    expect(() => parseSize(size, unit)).toThrow(TypeError);
  });
});
