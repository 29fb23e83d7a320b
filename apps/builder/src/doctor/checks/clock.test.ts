import { describe, expect, it } from "vitest";

import { judgeTime } from "./clock.ts";

const NOW = new Date("2026-11-22T12:00:00Z");

describe("judgeTime", () => {
  it("has nothing to say of a time after the last run", () => {
    expect(judgeTime(NOW, new Date("2026-11-22T02:00:00Z"))).toBeUndefined();
    expect(judgeTime(NOW, undefined)).toBeUndefined();
  });

  it("knows a clock that starts anew", () => {
    expect(judgeTime(new Date(0), undefined)).toMatchObject({ status: "problem" });
  });

  it("knows a clock that was set back", () => {
    expect(judgeTime(NOW, new Date("2026-11-24T12:00:00Z"))?.summary).toBe(
      "the last run is in the future, by 2 d: the clock was set back",
    );
  });
});
