import { describe, expect, it } from "vitest";

import { formatBytes } from "./format-bytes.ts";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [9_994, "9.99 kB"],
    [9_996, "10.0 kB"],
    [99_960, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [1_234_567_890, "1.23 GB"],
    [200e9, "200 GB"],
    [Number.MAX_SAFE_INTEGER, "9.01 PB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("keeps the sign of what was saved", () => {
    expect(formatBytes(-12_345_678)).toBe("-12.3 MB");
  });
});
