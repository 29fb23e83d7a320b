import { stripVTControlCharacters } from "node:util";

import { type ClosureDiff, formatClosureDiffText } from "@nix-cache/closure-diff";
import { describe, expect, it } from "vitest";

import { type RealStore, realStoreForTest } from "../../test/real-store.ts";
import { diffToplevels } from "./diff-generations.ts";

const ROOT = new URL("../../../../", import.meta.url).pathname;
const CLOSURE = `${ROOT}apps/builder/test/closure.nix`;
const NIXOS_SYSTEM = `${ROOT}tooling/e2e/src/support/nixos-system.nix`;

const GETTY = "[Service]\nExecStart=@coreutils@/bin/coreutils\n";
const SSHD = "[Service]\nExecStart=@openssh@/bin/sshd -f @sshd.conf@\nEnvironment=PATH=@coreutils@/bin\n";

const MONDAY = {
  name: "nz",
  label: "26.05.20261123",
  packages: { coreutils: "9.5", kdeconnect: "20.08", openssh: "9.8p1" },
  settings: { "sshd.conf": "Port 22\nSubsystem sftp @openssh@/bin/openssh\n" },
  units: { "getty@tty1.service": GETTY, "sshd.service": SSHD },
  etc: { hosts: "127.0.0.1 localhost\n", motd: "hello\n", "ssh/ssh_config": "Host @openssh@\n" },
};

async function diff({ nix, config }: RealStore, before: string, after: string): Promise<ClosureDiff> {
  return diffToplevels({ nix, config: { nix: config }, signal: new AbortController().signal }, before, after);
}

/** The lines of `nix store diff-closures` that a diff stands for: name, versions that came and went, whether it tells a size. */
function toNixLines({ packages }: ClosureDiff): readonly string[] {
  return packages.map(({ name, before, after, sizeDelta }) => {
    const [gone, come] = [subtract(before, after), subtract(after, before)];
    const versions = gone.length + come.length === 0 ? [] : [`${nameVersions(gone)} → ${nameVersions(come)}`];
    return `${name}: ${[...versions, ...(Math.abs(sizeDelta) < 8192 ? [] : ["size"])].join(", ")}`;
  });
}

function subtract(versions: readonly string[], others: readonly string[]): readonly string[] {
  return versions.filter((version) => !others.includes(version));
}

function nameVersions(versions: readonly string[]): string {
  return versions.length === 0
    ? "∅"
    : versions
        .map((version) => version || "ε")
        .toSorted()
        .join(", ");
}

async function askNix({ run }: RealStore, before: string, after: string): Promise<readonly string[]> {
  const lines = (await run("nix", "store", "diff-closures", before, after)).split("\n");
  return lines.map((line) => stripVTControlCharacters(line).replace(/[+-]?[0-9.]+ [KMG]iB$/, "size"));
}

describe("diffToplevels", () => {
  it("finds the packages, versions and sizes that nix store diff-closures finds", async () => {
    const store = await realStoreForTest();
    const need = (name: string, build = "1", bytes = 0): unknown => ({ name, build, bytes });
    const before = await store.build(CLOSURE, {
      name: "nixos-system-nz-26.05",
      needs: [
        "same-1.0",
        "glibc-2.39-52",
        "glibc-2.39-52-bin",
        "gone-1.0-lib",
        "two-1.0",
        "two-2.0",
        "linux-6.12.1",
      ]
        .map((name) => need(name))
        .concat(
          need("rebuilt-1.0"),
          need("grown-1.0"),
          need("blender-4.0", "1", 90_000),
          need("unit-a.service"),
        ),
    });
    const after = await store.build(CLOSURE, {
      name: "nixos-system-nz-26.11",
      needs: [
        "same-1.0",
        "glibc-2.40-1",
        "glibc-2.40-1-bin",
        "two-1.0",
        "two-2.1",
        "new-1.0pre1",
        "linux-6.12.1",
      ]
        .map((name) => need(name))
        .concat(need("linux-6.12.1-modules"), need("rebuilt-1.0", "2"), need("grown-1.0", "2", 9000))
        .concat(need("blender-4.1", "1", 50_000), need("unit-b.service")),
    });

    expect(toNixLines(await diff(store, before, after))).toEqual(await askNix(store, before, after));
    expect(toNixLines(await diff(store, after, before))).toEqual(await askNix(store, after, before));
  });

  it("tells what was changed in a system from what was rebuilt", async () => {
    const store = await realStoreForTest();
    const before = await store.build(NIXOS_SYSTEM, MONDAY);
    const after = await store.build(NIXOS_SYSTEM, {
      ...MONDAY,
      label: "26.05.20261124",
      rebuild: "with another compiler",
      kernelParams: ["loglevel=4", "quiet"],
      packages: { coreutils: "9.5", jq: "1.7", openssh: "9.9p1" },
      settings: { "sshd.conf": "Port 2222\nSubsystem sftp @openssh@/bin/openssh\n" },
      units: { ...MONDAY.units, "jq.service": "[Service]\nExecStart=@jq@/bin/jq\n" },
      etc: { hosts: "127.0.0.1 localhost nz\n", "ssh/ssh_config": "Host @openssh@\n" },
    });

    const found = await diff(store, before, after);

    expect(found).toMatchObject({
      packages: [
        { type: "removed", name: "etc-motd" },
        { type: "added", name: "jq", after: ["1.7"] },
        { type: "removed", name: "kdeconnect", before: ["20.08"] },
        { type: "upgraded", name: "nixos-system-nz" },
        { type: "upgraded", name: "openssh", before: ["9.8p1"], after: ["9.9p1"] },
        { type: "added", name: "unit-jq.service" },
      ],
      reboot: [
        { type: "kernel", before: "linux-6.12.1", after: "linux-6.12.1" },
        { type: "initrd" },
        { type: "kernel-modules" },
        { type: "systemd", before: "systemd-256.8", after: "systemd-256.8" },
        { type: "kernel-params", added: ["quiet"], removed: [] },
      ],
      // Its settings say another port. Rebuilt: getty, and systemd's own journald.
      units: { added: ["jq.service"], removed: [], changed: ["sshd.service"], rebuilt: 2 },
      etc: { added: [], removed: ["motd"], changed: ["hosts"], rebuilt: 1 },
    });
    expect(formatClosureDiffText(found)).toContain("Reboot needed\n  kernel: rebuilt\n");
  });

  it("needs no reboot for a package", async () => {
    const store = await realStoreForTest();
    const before = await store.build(NIXOS_SYSTEM, MONDAY);
    const after = await store.build(NIXOS_SYSTEM, {
      ...MONDAY,
      packages: { ...MONDAY.packages, coreutils: "9.6" },
    });

    expect(await diff(store, before, after)).toMatchObject({
      packages: [{ type: "upgraded", name: "coreutils", before: ["9.5"], after: ["9.6"] }],
      reboot: [],
      units: { added: [], removed: [], changed: [], rebuilt: 2 },
      etc: { added: [], removed: [], changed: [], rebuilt: 0 },
    });
  });

  it("refuses a toplevel that the store does not have any more", async () => {
    const store = await realStoreForTest();
    const toplevel = await store.build(CLOSURE, { name: "nixos-system-nz-26.05", needs: [] });
    const gone = `${store.config.storeDir}/${"0".repeat(32)}-nixos-system-nz-25.11`;

    await expect(diff(store, gone, toplevel)).rejects.toMatchObject({
      code: "ERR_CLOSURE_DIFF_MISSING_PATH",
      path: gone,
    });
  });
});
