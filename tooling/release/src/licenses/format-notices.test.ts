import { describe, expect, it } from "vitest";

import { formatNotices, listNotices } from "./format-notices.ts";

const ONE = { name: "b", version: "1.0.0", license: "MIT", texts: ["terms of b\r\n\r\n"] };
const TWO = { name: "a", version: "2.0.0", license: "ISC", texts: ["\n\nterms of a  ", "more"] };

describe("formatNotices", () => {
  it("gives the same bytes in whatever order the packages come", () => {
    expect(formatNotices("app", [ONE, TWO])).toBe(formatNotices("app", [TWO, ONE]));
  });

  it("keeps every word of a licence, without the package's line ends", () => {
    const text = formatNotices("app", [TWO, ONE]);

    expect(text).toContain("a 2.0.0\nLicense: ISC\n\nterms of a\n\nmore\n");
    expect(text).not.toContain("\r");
  });
});

describe("listNotices", () => {
  it("finds the packages again", () => {
    expect(listNotices(formatNotices("app", [ONE, TWO]))).toEqual(["a 2.0.0", "b 1.0.0"]);
  });
});
