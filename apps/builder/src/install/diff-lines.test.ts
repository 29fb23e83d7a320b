import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { diffLines } from "./diff-lines.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

/** The lines of a text that a diff says go, or come. */
const marked = (diff: string, mark: string): readonly string[] =>
  diff.split("\n").flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2)] : []));

describe("diffLines", () => {
  it("shows the lines that go and come, in their order", () => {
    expect(diffLines("a\nb\nc\n", "a\nx\nc\nd\n")).toBe("- b\n+ x\n+ d\n");
  });

  it("shows nothing of what stays", () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(diffLines(same, same)).toBe("");
      }),
    );
  });

  it("accounts for every line", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffLines(before, after);

        const [gone, come] = [marked(diff, "-"), marked(diff, "+")];
        const remaining = [...before.split("\n"), ...come].toSorted();
        expect(remaining).toEqual([...after.split("\n"), ...gone].toSorted());
      }),
    );
  });
});
