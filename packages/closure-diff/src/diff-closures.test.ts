import { describe, expect, it } from "vitest";

import { nextSystem, type Part, parts, storePath, system } from "../test/closures.ts";
import { diffClosures, type PackageChange } from "./index.ts";

function diffPackages(before: readonly Part[], after: readonly Part[]): readonly PackageChange[] {
  return diffClosures(system(before), nextSystem(after)).packages;
}

describe("diffClosures", () => {
  it("finds nothing between a closure and itself", () => {
    const closure = system(parts("hello-2.12"), {});

    expect(diffClosures(closure, closure)).toEqual({
      formatVersion: 1,
      before: { toplevel: closure.toplevel, closureSize: 2000, pathCount: 2 },
      after: { toplevel: closure.toplevel, closureSize: 2000, pathCount: 2 },
      sizeDelta: 0,
      packages: [],
      rebuilt: 0,
      reboot: [],
    });
  });

  it.each([
    ["upgraded", ["a-1.0"], ["a-1.1"]],
    ["upgraded", ["a-1.9"], ["a-1.10"]],
    ["upgraded", ["a-1.0pre1"], ["a-1.0"]],
    ["upgraded", ["a-1.0", "a-2.0"], ["a-3.0"]],
    ["upgraded", ["a-1.0", "a-2.0"], ["a-1.0", "a-2.1"]],
    ["downgraded", ["a-1.1"], ["a-1.0"]],
    ["changed", ["a-1.0"], ["a-1.0", "a-2.0"]],
    ["changed", ["a-1.0", "a-2.0"], ["a-2.0"]],
    ["changed", ["a-1.0", "a-4.0"], ["a-2.0", "a-3.0"]],
    ["changed", ["a-1.0"], ["a-1-0"]],
    ["added", [], ["a-1.0"]],
    ["removed", ["a-1.0"], []],
  ] as const)("calls a package %s that goes from %j to %j", (type, before, after) => {
    expect(diffPackages(parts(...before), parts(...after))).toMatchObject([{ type, name: "a" }]);
  });

  it("lists every version, lowest first, and the bytes of all paths", () => {
    const before = parts("a-1.10", "a-1.9", "a-1.9-bin");

    expect(diffPackages(before, [{ name: "a-1.11", narSize: 500 }])).toEqual([
      { type: "upgraded", name: "a", before: ["1.9", "1.10"], after: ["1.11"], sizeDelta: -2500 },
    ]);
  });

  it("counts packages with the same versions and other paths, and lists none of them", () => {
    const { packages, rebuilt } = diffClosures(
      system([{ name: "a-1.0" }, { name: "b-1.0" }, { name: "c-1.0" }]),
      nextSystem([
        { name: "a-1.0" },
        { name: "b-1.0", build: "1" },
        { name: "c-1.0" },
        { name: "c-1.0-lib" },
      ]),
    );

    // b, c and the toplevel itself
    expect({ packages, rebuilt }).toEqual({ packages: [], rebuilt: 3 });
  });

  it("lists a package with the same versions that grew by 8 KiB", () => {
    const grown = (narSize: number): readonly PackageChange[] =>
      diffPackages(parts("a-1.0"), [{ name: "a-1.0", build: "1", narSize }]);

    expect(grown(1000 + 8191)).toEqual([]);
    expect(grown(1000 + 8192)).toMatchObject([{ type: "resized", before: ["1.0"], sizeDelta: 8192 }]);
  });

  it("counts only paths that the toplevel needs", () => {
    const { toplevel, paths } = system(parts("a-1.0"));
    const more = new Map([...paths, [storePath("unneeded-1.0"), { narSize: 5, references: [] }]]);

    expect(diffClosures({ toplevel, paths }, { toplevel, paths: more }).packages).toEqual([]);
  });

  it("takes a path that refers to itself", () => {
    const toplevel = storePath("loop-1.0");
    const paths = new Map([[toplevel, { narSize: 7, references: [toplevel] }]]);

    expect(diffClosures({ toplevel, paths }, { toplevel, paths }).after.closureSize).toBe(7);
  });

  it("refuses a closure that lacks a path, and names it", () => {
    const { toplevel, paths } = system(parts("a-1.0"));
    const missing = storePath("a-1.0");
    const broken = { toplevel, paths: new Map([...paths].filter(([path]) => path !== missing)) };

    expect(() => diffClosures({ toplevel, paths }, broken)).toThrow(
      expect.objectContaining({ code: "ERR_CLOSURE_DIFF_MISSING_PATH", path: missing }),
    );
  });

  it("refuses sizes that do not add up exactly", () => {
    const huge = system([{ name: "a-1.0", narSize: Number.MAX_SAFE_INTEGER }]);

    expect(() => diffClosures(huge, huge)).toThrow(
      expect.objectContaining({ code: "ERR_CLOSURE_DIFF_TOO_LARGE" }),
    );
  });

  it.each([-1, 0.5, Number.NaN])("refuses a NAR of %d bytes", (narSize) => {
    const closure = system([{ name: "a-1.0", narSize }]);

    expect(() => diffClosures(closure, closure)).toThrow(RangeError);
  });
});
