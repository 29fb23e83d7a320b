import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { arbitrarySystems } from "../test/arbitrary-closure.ts";
import {
  type ClosureDiff,
  diffClosures,
  formatClosureDiffMarkdown,
  formatClosureDiffText,
  parseClosureDiff,
  summarizeClosureDiff,
} from "./index.ts";

const RUNS = { numRuns: 300 };

const MIRRORED = {
  upgraded: "downgraded",
  downgraded: "upgraded",
  changed: "changed",
  added: "removed",
  removed: "added",
  resized: "resized",
} as const;

function mirrorPackages({ packages }: ClosureDiff): unknown {
  return packages.map(({ type, name, before, after, sizeDelta }) => ({
    type: MIRRORED[type],
    name,
    before: after,
    after: before,
    sizeDelta: 0 - sizeDelta,
  }));
}

/** A line may be too long only for a word that no line is long enough for. */
function isTooLong(line: string): boolean {
  return (
    line.length > 80 &&
    line
      .trim()
      .split(" ")
      .every((word) => word.length < 60)
  );
}

describe("diffClosures, whatever the closures", () => {
  it("gives data that JSON and parseClosureDiff keep as it is", () => {
    fc.assert(
      fc.property(arbitrarySystems, ([before, after]) => {
        const diff = diffClosures(before, after);

        expect(parseClosureDiff(JSON.parse(JSON.stringify(diff)))).toStrictEqual(diff);
      }),
      RUNS,
    );
  });

  it("does not depend on the order of its input", () => {
    fc.assert(
      fc.property(arbitrarySystems, ([before, after]) => {
        const paths = new Map(
          [...after.paths]
            .toReversed()
            .map(([path, info]) => [path, { ...info, references: info.references.toReversed() }] as const),
        );

        expect(diffClosures(before, { ...after, paths })).toEqual(diffClosures(before, after));
      }),
      RUNS,
    );
  });

  it("tells the same packages the other way round", () => {
    fc.assert(
      fc.property(arbitrarySystems, ([before, after]) => {
        const forth = diffClosures(before, after);
        const back = diffClosures(after, before);

        expect(back.packages).toEqual(mirrorPackages(forth));
        expect([back.rebuilt, back.sizeDelta]).toEqual([forth.rebuilt, 0 - forth.sizeDelta]);
      }),
      RUNS,
    );
  });

  it("has a summary of at most 80 printable characters", () => {
    fc.assert(
      fc.property(arbitrarySystems, ([before, after]) => {
        expect(summarizeClosureDiff(diffClosures(before, after))).toMatch(/^[\w ,.+±-]{1,80}$/);
      }),
      RUNS,
    );
  });

  it("has a text of 80 columns without control characters", () => {
    fc.assert(
      fc.property(arbitrarySystems, fc.boolean(), ([before, after], all) => {
        const text = formatClosureDiffText(diffClosures(before, after), { all });

        expect(text.split("\n").filter(isTooLong)).toEqual([]);
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      RUNS,
    );
  });

  it("has Markdown whose lines none of its names can leave", () => {
    fc.assert(
      fc.property(arbitrarySystems, ([before, after]) => {
        const lines = formatClosureDiffMarkdown(diffClosures(before, after)).split("\n");

        expect(lines.filter((line) => !/^(?:|\*\*.+|- .+)$/u.test(line))).toEqual([]);
      }),
      RUNS,
    );
  });
});
