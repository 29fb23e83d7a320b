import { describe, expect, it } from "vitest";

import { formatAge, formatDuration, formatLocalTime } from "./format-time.ts";

const NOW = new Date("2026-11-22T12:00:00Z");

describe("formatAge", () => {
  it.each([
    [0, "0 s"],
    [119_999, "119 s"],
    [120_000, "2 min"],
    [119 * 60_000, "119 min"],
    [2 * 3_600_000, "2 h"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 d"],
    [400 * 86_400_000, "400 d"],
  ])("tells %d ms as %s", (ms, text) => {
    expect(formatAge(new Date(NOW.getTime() - ms), NOW)).toBe(text);
  });

  it("takes what a clock that was set back puts into the future for just now", () => {
    expect(formatAge(new Date("2027-01-01T00:00:00Z"), NOW)).toBe("0 s");
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0.0 s"],
    [849, "0.8 s"],
    [9_999, "9.9 s"],
    [42_500, "42 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [723_000, "12 min 3 s"],
    [7_500_000, "2 h 5 min"],
    [273_600_000, "3 d 4 h"],
  ])("tells %d ms as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe("formatLocalTime", () => {
  it("writes the wall clock's time", () => {
    expect(formatLocalTime(new Date(2026, 0, 2, 3, 4))).toBe("2026-01-02 03:04");
  });
});
