import { describe, expect, it } from "vitest";

import { takesSignatures } from "./takes-signatures.ts";

describe("takesSignatures", () => {
  it.each([
    [{ major: 2, minor: 8 }, false],
    [{ major: 2, minor: 16 }, false],
    [{ major: 2, minor: 17 }, true],
    [{ major: 2, minor: 93 }, true],
    [{ major: 3, minor: 0 }, true],
  ])("says of the daemon of %o: %s", (version, isTaken) => {
    expect(takesSignatures(version)).toBe(isTaken);
  });
});
