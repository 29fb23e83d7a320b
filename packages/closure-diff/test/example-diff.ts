import type { ClosureDiff, FileChanges, PackageChange } from "../src/index.ts";

/** A diff between two toplevels in which nothing else differs, but for what a test wants to see. */
export function exampleDiff(changes: Partial<ClosureDiff> = {}): ClosureDiff {
  return {
    formatVersion: 1,
    before: { toplevel: "/nix/store/a-nixos-system-nz-26.05", closureSize: 4_294_967_296, pathCount: 1200 },
    after: { toplevel: "/nix/store/b-nixos-system-nz-26.05", closureSize: 4_294_967_296, pathCount: 1200 },
    sizeDelta: 0,
    packages: [],
    rebuilt: 0,
    ...changes,
  };
}

/** A package that differs: `name`, its versions before and after, and how much it grew. */
export function change(
  type: PackageChange["type"],
  [name, before, after]: readonly [name: string, before: string, after: string],
  sizeDelta = 0,
): PackageChange {
  return { type, name, before: toVersions(before), after: toVersions(after), sizeDelta };
}

function toVersions(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

/** Files that differ. */
export function fileChanges(changes: Partial<FileChanges>): FileChanges {
  return { added: [], removed: [], changed: [], rebuilt: 0, ...changes };
}

/** A night in which much happened. */
export const BUSY_NIGHT: ClosureDiff = exampleDiff({
  after: { toplevel: "/nix/store/b-nixos-system-nz-26.05", closureSize: 4_298_532_454, pathCount: 1203 },
  sizeDelta: 3_565_158,
  packages: [
    change("resized", ["blender", "4.0", "4.0"], -301_260),
    { ...change("added", ["etc-nginx.conf", "", ""], 400), after: [""] },
    change("upgraded", ["firefox", "128.0", "129.0"], 3_145_728),
    change("removed", ["kdeconnect", "20.08.2", ""], -6_756_147),
    change("changed", ["openssl", "1.1.1 3.0.13", "3.0.13"], -4_194_304),
    change("downgraded", ["a-package-with-a-name-longer-than-its-column", "2.0", "1.9"]),
    change("added", ["wezterm", "", "20240203"], 70_000_000),
  ],
  rebuilt: 301,
  reboot: [
    { type: "kernel", before: "linux-6.12.1", after: "linux-6.12.2" },
    { type: "initrd", before: "initrd", after: "initrd" },
    { type: "kernel-params", added: ["quiet"], removed: ["debug", "loglevel=7"] },
  ],
  units: fileChanges({ changed: ["nginx.service"], added: ["getty@tty1.service"], rebuilt: 143 }),
  etc: fileChanges({ removed: ["motd"] }),
});
