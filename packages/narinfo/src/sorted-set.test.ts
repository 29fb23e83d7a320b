import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { sortedSet } from "./sorted-set.ts";

describe("sortedSet", () => {
  it("drops duplicates", () => {
    expect(sortedSet(["b", "a", "b"])).toEqual(["a", "b"]);
  });

  it("sorts an emoji after a letter that UTF-16 puts behind it", () => {
    expect(sortedSet(["\u{1f600}", "\ufffd"])).toEqual(["\ufffd", "\u{1f600}"]);
  });

  it("sorts by the bytes of UTF-8", () => {
    const texts = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 4 }), { maxLength: 8 });

    fc.assert(
      fc.property(texts, (values) => {
        const byBytes = values.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

        expect(sortedSet(values)).toEqual(byBytes);
      }),
    );
  });
});
