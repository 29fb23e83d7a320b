import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { outcome } from "../test/outcome.ts";
import { readLines } from "./nar-info-lines.ts";

describe("readLines", () => {
  it("takes the value from the second character after the colon", () => {
    expect([...readLines("A: b\nC:  d \nE:fg\n")]).toEqual([
      { key: "A", value: "b", number: 1 },
      { key: "C", value: " d ", number: 2 },
      { key: "E", value: "g", number: 3 },
    ]);
  });

  it("takes the next line for the value when the space before an empty value is missing", () => {
    expect([...readLines("A:\nB: c\n")]).toEqual([{ key: "A", value: "B: c", number: 1 }]);
  });

  it("finds no line in no text", () => {
    expect([...readLines("")]).toEqual([]);
  });

  it.each(["\n", "A", "A\n", "A:", "A:\n", "A: ", "A: b", "A: b\n\n", "A: b\n\nC: d\n", "A\nB: c\n"])(
    "refuses %j",
    (text) => {
      expect(outcome(() => [...readLines(text)])).toBe("ERR_NARINFO_SYNTAX");
    },
  );

  it("gives back every key and value that were written", () => {
    const keys = fc.string().filter((key) => !/[:\n]/.test(key));
    const values = fc.string().filter((value) => !value.includes("\n"));

    fc.assert(
      fc.property(fc.array(fc.record({ key: keys, value: values })), (fields) => {
        const text = fields.map(({ key, value }) => `${key}: ${value}\n`).join("");

        expect([...readLines(text)]).toEqual(fields.map((field, index) => ({ ...field, number: index + 1 })));
      }),
    );
  });
});
