import { describe, expect, it } from "vitest";

import { BUSY_NIGHT, change, exampleDiff, fileChanges } from "../test/example-diff.ts";
import { formatClosureDiffText, type PackageChange } from "./index.ts";

function upgrades(count: number): readonly PackageChange[] {
  return Array.from({ length: count }, (_, index) => change("upgraded", [`package-${index}`, "1", "2"]));
}

describe("formatClosureDiffText", () => {
  it("tells the most interesting first, in 80 columns", () => {
    expect(formatClosureDiffText(BUSY_NIGHT)).toBe(`\
Reboot needed
  kernel: linux-6.12.1 → linux-6.12.2
  initrd: rebuilt
  kernel parameters: added quiet; removed debug, loglevel=7

Upgraded (1)
  firefox  128.0 → 129.0                                                +3.0 MiB

Downgraded (1)
  a-package-with-a-name-longer-than-its-column  2.0 → 1.9

Changed versions (1)
  openssl  1.1.1, 3.0.13 → 3.0.13                                       -4.0 MiB

Added (2)
  wezterm         20240203                                             +66.8 MiB
  etc-nginx.conf                                                        +0.4 KiB

Removed (1)
  kdeconnect  20.08.2                                                   -6.4 MiB

Units (143 rebuilt)
  changed: nginx.service
  added: getty@tty1.service

Files in /etc
  removed: motd

Same versions, other size (1)
  blender  4.0                                                        -294.2 KiB

Size: 4.0 GiB → 4.0 GiB (+3.4 MiB), 1200 → 1203 paths, 301 rebuilt`);
  });

  it("says so where both are the same closure", () => {
    const { before } = exampleDiff();

    expect(formatClosureDiffText(exampleDiff({ after: before }))).toBe(
      "No changes: both are the same closure",
    );
  });

  it("cuts long lists, and says how much is left out", () => {
    const lines = formatClosureDiffText(exampleDiff({ packages: upgrades(140) })).split("\n");

    expect(lines.slice(0, 2)).toEqual(["Upgraded (140)", "  package-0   1 → 2"]);
    expect(lines[21]).toBe("  and 120 more");
  });

  it("does not cut a list for the sake of one line", () => {
    expect(formatClosureDiffText(exampleDiff({ packages: upgrades(21) }))).not.toContain("more");
  });

  it("shows all where all are asked for", () => {
    const units = fileChanges({ changed: upgrades(140).map(({ name }) => name) });
    const text = formatClosureDiffText(exampleDiff({ packages: upgrades(140), units }), { all: true });

    expect(text).toContain("  package-139  1 → 2");
    expect(text).not.toContain("more");
  });

  it("shows of many versions only those that differ", () => {
    const versions = "1.0 1.1 1.2";
    const packages = [change("upgraded", ["a", `${versions} 2.0`, `${versions} 2.1`])];

    expect(formatClosureDiffText(exampleDiff({ packages }))).toContain("  a  2.0 → 2.1\n");
  });

  it("puts versions that do not fit below the name", () => {
    const long = "25.11.20260307.0116424-and-a-suffix-that-is-long";
    const packages = [change("upgraded", ["nixos-system-nz", "25.11", long], 5_000_000)];

    expect(formatClosureDiffText(exampleDiff({ packages }))).toContain(`\
  nixos-system-nz                                                       +4.8 MiB
    25.11 → ${long}`);
  });

  it("names the missing version of a package that has others", () => {
    const packages = [{ ...change("changed", ["a", "", "1.0"]), before: [""], after: ["", "1.0"] }];

    expect(formatClosureDiffText(exampleDiff({ packages }))).toContain("  a  none → no version, 1.0\n");
  });

  it("colors headings and sizes where a terminal shows colors", () => {
    const packages = [
      change("upgraded", ["a", "1", "2"], 10_240),
      change("removed", ["b", "1", ""], -10_240),
    ];
    const reboot = [{ type: "systemd", before: "systemd-256", after: "systemd-256" }] as const;
    const text = formatClosureDiffText(exampleDiff({ packages, reboot }), { color: true });

    expect(text).toContain("\u001B[1;33mReboot needed\u001B[0m");
    expect(text).toContain("\u001B[1mUpgraded (1)\u001B[0m");
    expect(text).toContain("\u001B[31m+10.0 KiB\u001B[0m");
    expect(text).toContain("\u001B[32m-10.0 KiB\u001B[0m");
  });

  it("shows control characters of names instead of obeying them", () => {
    const units = fileChanges({ added: ["a\u001B]0;title\u0007.service", "line\nbreak", "\u202Eright"] });

    expect(formatClosureDiffText(exampleDiff({ units }))).toContain(
      "  added: a�]0;title�.service, line�break, �right\n",
    );
  });
});
