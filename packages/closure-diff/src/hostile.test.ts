import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BUSY_NIGHT } from "../test/example-diff.ts";
import {
  ClosureDiffError,
  formatClosureDiffMarkdown,
  formatClosureDiffText,
  parseClosureDiff,
  summarizeClosureDiff,
} from "./index.ts";

/** The data of a diff with one value replaced. */
function withValue(path: string, value: unknown): unknown {
  return replaceValue(BUSY_NIGHT, path.split("."), value);
}

function replaceValue(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) return data.with(Number(key), replaceValue(data[Number(key)], rest, value));
  const record: object = Object(data);
  return { ...record, [key]: replaceValue(Reflect.get(record, key), rest, value) };
}

/** Parses what may be anything; undefined when the package's own error says no. */
function tryParse(value: unknown): ReturnType<typeof parseClosureDiff> | undefined {
  try {
    return parseClosureDiff(value);
  } catch (error) {
    if (error instanceof ClosureDiffError) return undefined;
    throw error;
  }
}

describe("parseClosureDiff, of data that is no diff", () => {
  it.each([
    ["", "null", null],
    ["", "a list", []],
    ["", "a text", "diff"],
  ])("refuses %s%s", (_place, _kind, value) => {
    expect(() => parseClosureDiff(value)).toThrow(
      expect.objectContaining({ code: "ERR_CLOSURE_DIFF_INVALID" }),
    );
  });

  it.each([
    ["before", undefined],
    ["before.toplevel", 7],
    ["after.closureSize", -1],
    ["after.pathCount", 1.5],
    ["sizeDelta", "12"],
    ["sizeDelta", Number.POSITIVE_INFINITY],
    ["sizeDelta", 2 ** 53],
    ["packages", {}],
    ["packages.0.type", "stolen"],
    ["packages.0.type", "toString"],
    ["packages.0.name", null],
    ["packages.0.before", "1.0"],
    ["packages.0.after.0", ["1.0"]],
    ["rebuilt", true],
    ["reboot", null],
    ["reboot.0.type", "bios"],
    ["reboot.0.after", 3],
    ["reboot.2.added", undefined],
    ["units.rebuilt", 10n],
    ["units.changed.0", {}],
    ["etc", []],
  ])("refuses %s = %s, and says where", (path, value) => {
    const key = path.replaceAll(/\.(\d+)/g, "[$1]");

    expect(() => parseClosureDiff(withValue(path, value))).toThrow(
      expect.objectContaining({ code: "ERR_CLOSURE_DIFF_INVALID", key }),
    );
  });

  it("refuses a reason for a reboot that gives none", () => {
    expect(() => parseClosureDiff(withValue("reboot.0", { type: "kernel" }))).toThrow(
      expect.objectContaining({ key: "reboot[0]" }),
    );
  });

  it("refuses the format of a later version by a code of its own", () => {
    expect(() => parseClosureDiff(withValue("formatVersion", 2))).toThrow(
      expect.objectContaining({ code: "ERR_CLOSURE_DIFF_VERSION" }),
    );
  });

  it("leaves out keys that a diff does not have", () => {
    const data = JSON.parse(`{ "__proto__": { "polluted": true }, ${JSON.stringify(BUSY_NIGHT).slice(1)}`);

    expect(parseClosureDiff(data)).toStrictEqual(BUSY_NIGHT);
  });

  it("takes holes in a list for missing values", () => {
    const packages: unknown[] = [];
    packages[2] = BUSY_NIGHT.packages[0];

    expect(tryParse({ ...BUSY_NIGHT, packages })).toBeUndefined();
  });

  it("never puts the value into the message", () => {
    expect(() => parseClosureDiff(withValue("packages.0.type", "secret".repeat(1000)))).toThrow(
      /, got a string$/,
    );
  });

  it("refuses anything, or gives a diff that can be shown", () => {
    const places = fc.constantFrom(
      "packages.0",
      "packages.0.before.0",
      "reboot.1",
      "units",
      "after",
      "sizeDelta",
    );
    fc.assert(
      fc.property(places, fc.anything({ withBigInt: true, withSparseArray: true }), (place, value) => {
        const diff = tryParse(withValue(place, value)) ?? BUSY_NIGHT;

        expect(formatClosureDiffText(diff)).not.toMatch(/[^\P{Cc}\n]/u);
        expect(formatClosureDiffMarkdown(diff)).toContain("**Size**");
        expect(summarizeClosureDiff(diff).length).toBeLessThanOrEqual(80);
      }),
      { numRuns: 500 },
    );
  });

  it("takes lists longer than a call may have arguments", () => {
    const packages = Array.from({ length: 150_000 }, () => BUSY_NIGHT.packages[0]);
    const diff = parseClosureDiff({ ...BUSY_NIGHT, packages });

    expect(formatClosureDiffText(diff, { all: true }).split("\n").length).toBeGreaterThan(150_000);
    expect(formatClosureDiffMarkdown(diff, { all: true }).split("\n").length).toBeGreaterThan(150_000);
    expect(summarizeClosureDiff(diff).length).toBeLessThanOrEqual(80);
  });
});
