import { describe, expect, it } from "vitest";

import { BUSY_NIGHT, change, exampleDiff, fileChanges } from "../test/example-diff.ts";
import { type PackageChangeType, summarizeClosureDiff } from "./index.ts";

const REBOOT = [{ type: "kernel", before: "linux-6.12.1", after: "linux-6.12.2" }] as const;

function changes(type: PackageChangeType, count: number): ReturnType<typeof change>[] {
  return Array.from({ length: count }, () => change(type, ["a", "1", "2"]));
}

describe("summarizeClosureDiff", () => {
  it("counts packages, and tells size and reboot", () => {
    const packages = [...changes("upgraded", 12), ...changes("added", 1)];
    const diff = exampleDiff({ packages, sizeDelta: 3_565_158, reboot: REBOOT });

    expect(summarizeClosureDiff(diff)).toBe("12 upgraded, 1 added, +3.4 MiB, reboot needed");
  });

  it("leaves out the least interesting where the line gets too long", () => {
    expect(
      summarizeClosureDiff({
        ...BUSY_NIGHT,
        packages: [...BUSY_NIGHT.packages, ...changes("added", 12_345)],
      }),
    ).toBe("1 upgraded, 1 downgraded, 1 changed, 12347 added, +3.4 MiB, reboot needed");
  });

  it("tells of units and files where no package differs", () => {
    const units = fileChanges({ added: ["a"], removed: ["b"], rebuilt: 3 });
    const etc = fileChanges({ changed: ["c"] });

    expect(summarizeClosureDiff(exampleDiff({ units, etc }))).toBe("2 units changed, 1 etc file changed");
  });

  it("counts what was rebuilt where nothing else happened", () => {
    expect(summarizeClosureDiff(exampleDiff({ rebuilt: 301, sizeDelta: -2048 }))).toBe(
      "301 rebuilt, -2.0 KiB",
    );
  });

  it("says so where nothing changed", () => {
    const { before } = exampleDiff();

    expect(summarizeClosureDiff(exampleDiff({ after: before }))).toBe("no changes");
  });
});
