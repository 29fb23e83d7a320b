import type { SystemFacts } from "@nix-cache/closure-diff";
import { describe, expect, it } from "vitest";

import { expand, link, makeStoreTree, type TreeEntry } from "../../test/store-tree.ts";
import { readSystemFacts } from "./read-system-facts.ts";

const TOPLEVEL = expand("@0-nixos-system-nz-26.05");
const UNITS = "@0-system-units";

type Tree = Readonly<Record<string, TreeEntry>>;

async function readFacts(tree: Tree): Promise<SystemFacts> {
  return readSystemFacts(TOPLEVEL, await makeStoreTree(tree));
}

/** A toplevel whose /etc has these files, and below systemd/system a link to the units. */
function systemTree(entries: Tree): Tree {
  return {
    "@0-nixos-system-nz-26.05/etc": link("@0-etc/etc"),
    "@0-etc/etc/systemd/system": link(UNITS),
    [`${UNITS}/default.target`]: link("multi-user.target"),
    ...entries,
  };
}

/** How a unit of one system compares with that of another: the same, rebuilt or changed. */
async function compareUnit(before: Tree, after: Tree): Promise<string> {
  const [first, second] = await Promise.all([readFacts(systemTree(before)), readFacts(systemTree(after))]);
  const [old, fresh] = [first.units?.get("sshd.service"), second.units?.get("sshd.service")];
  if (old?.exact === fresh?.exact) return "same";
  return old?.content === fresh?.content ? "rebuilt" : "changed";
}

function unit(text: string, others: Tree = {}): Tree {
  return {
    [`${UNITS}/sshd.service`]: link("@0-unit-sshd.service/sshd.service"),
    "@0-unit-sshd.service/sshd.service": text,
    ...others,
  };
}

describe("readSystemFacts", () => {
  it("reads what the toplevel boots", async () => {
    const facts = await readFacts({
      "@0-nixos-system-nz-26.05/kernel": link("@1-linux-6.12.1/bzImage"),
      "@0-nixos-system-nz-26.05/initrd": link("@1-initrd-linux-6.12.1/initrd"),
      "@0-nixos-system-nz-26.05/kernel-modules": link("@1-kernel-modules"),
      "@0-nixos-system-nz-26.05/systemd": link("@1-systemd-256.8"),
      "@0-nixos-system-nz-26.05/kernel-params": 'quiet dyndbg="file a.c +p" init=@1-x/init\n',
    });

    expect(facts).toEqual({
      kernel: expand("@1-linux-6.12.1"),
      initrd: expand("@1-initrd-linux-6.12.1"),
      kernelModules: expand("@1-kernel-modules"),
      systemd: expand("@1-systemd-256.8"),
      kernelParams: ["quiet", 'dyndbg="file a.c +p"', "init=/nix/store/x/init"],
    });
  });

  it.each([
    ["is not there", {}],
    ["is a file", { "@0-nixos-system-nz-26.05": "text" }],
    ["is no system", { "@0-nixos-system-nz-26.05/bin/hello": "text" }],
  ])("says nothing of a toplevel that %s", async (_kind, tree) => {
    expect(await readFacts(tree)).toEqual({});
  });

  it("names units of the system and of users, their drop-ins and links to them", async () => {
    const { units } = await readFacts(
      systemTree({
        [`${UNITS}/sshd.service`]: link("@0-unit-sshd.service/sshd.service"),
        "@0-unit-sshd.service/sshd.service": "[Service]",
        [`${UNITS}/sshd.service.d/overrides.conf`]: "[Service]",
        [`${UNITS}/multi-user.target.wants/sshd.service`]: link("../sshd.service"),
        "@0-etc/etc/systemd/user": link("@0-user-units"),
        "@0-user-units/pipewire.service": "[Service]",
      }),
    );

    expect([...(units ?? [])].map(([name]) => name)).toEqual([
      "default.target",
      "multi-user.target.wants/sshd.service",
      "sshd.service",
      "sshd.service.d/overrides.conf",
      "user/pipewire.service",
    ]);
  });

  it("names files in /etc, units apart, whether they are links or not", async () => {
    const { etc } = await readFacts(
      systemTree({
        "@0-etc/etc/motd": link("@0-etc-motd"),
        "@0-etc-motd": "hello",
        "@0-etc/etc/ssh/sshd_config": link("@0-etc-ssh-sshd_config"),
        "@0-etc-ssh-sshd_config": "Port 22",
        "@0-etc/etc/sudoers.mode": "0440",
        "@0-etc/etc/mtab": link("/proc/mounts"),
        "@0-etc/etc/systemd/journald.conf": "[Journal]",
      }),
    );

    expect([...(etc ?? [])].map(([name]) => name)).toEqual([
      "motd",
      "mtab",
      "ssh/sshd_config",
      "sudoers.mode",
      "systemd/journald.conf",
    ]);
  });

  it("goes into directories of generated files, not into those of packages", async () => {
    const { etc } = await readFacts(
      systemTree({
        "@0-etc/etc/fonts": link("@0-fontconfig-etc/etc/fonts"),
        "@0-fontconfig-etc/etc/fonts/fonts.conf": "<fontconfig>",
        "@0-etc/etc/zoneinfo": link("@0-tzdata-2026a/share/zoneinfo"),
        "@0-tzdata-2026a/share/zoneinfo/UTC": "TZif",
      }),
    );

    expect([...(etc ?? [])].map(([name]) => name)).toEqual(["fonts/fonts.conf", "zoneinfo"]);
  });

  it("knows a unit again whose text is the same", async () => {
    const other = { [`${UNITS}/sshd.service`]: link("@1-unit-sshd.service/sshd.service") };

    expect(
      await compareUnit(unit("[Service]"), { ...other, "@1-unit-sshd.service/sshd.service": "[Service]" }),
    ).toBe("same");
  });

  it.each([
    ["rebuilt", "hash parts", "ExecStart=@1-openssh-9.8/bin/sshd", "ExecStart=@2-openssh-9.8/bin/sshd"],
    ["rebuilt", "versions of packages", "PATH=@1-coreutils-9.5/bin", "PATH=@2-coreutils-9.6/bin"],
    ["changed", "its own text", "ExecStart=@1-openssh-9.8/bin/sshd", "ExecStart=@1-openssh-9.8/bin/sshd -D"],
    [
      "changed",
      "the names of packages",
      "ExecStart=@1-openssh-9.8/bin/sshd",
      "ExecStart=@1-dropbear-9.8/bin/sshd",
    ],
  ])("calls a unit %s where it differs in %s", async (kind, _difference, before, after) => {
    expect(await compareUnit(unit(before), unit(after))).toBe(kind);
  });

  it.each([
    ["rebuilt", "Port 22 @1-openssh-9.8"],
    ["changed", "Port 2222 @1-openssh-9.8"],
  ])("calls a unit %s whose script names a file that says %s now", async (kind, text) => {
    const settings = (build: string, content: string): Tree =>
      unit(`ExecStart=@${build}-unit-script-sshd-start/bin/sshd-start`, {
        [`@${build}-unit-script-sshd-start/bin/sshd-start`]: `exec @1-openssh-9.8/bin/sshd -f @${build}-sshd.conf`,
        [`@${build}-sshd.conf`]: content,
      });

    expect(await compareUnit(settings("1", "Port 22 @0-openssh-9.7"), settings("2", text))).toBe(kind);
  });

  it("calls a unit rebuilt whose package has another program by the same name", async () => {
    const program = (build: string, version: string): Tree =>
      unit(`ExecStart=@${build}-openssh-${version}/bin/sshd`, {
        [`@${build}-openssh-${version}/bin/sshd`]: `sshd of ${version}`,
      });

    expect(await compareUnit(program("1", "9.8"), program("2", "9.9"))).toBe("rebuilt");
  });

  it("finds the same in a script that names itself, whoever names it first", async () => {
    const script = { "@0-etc/etc/script": link("@1-script"), "@1-script": "exec @1-script again" };
    const alone = await readFacts(systemTree(script));
    const named = await readFacts(systemTree({ ...script, ...unit("ExecStart=@1-script") }));

    expect(named.etc?.get("script")).toEqual(alone.etc?.get("script"));
  });

  it("tells a masked unit from one that runs", async () => {
    const masked = {
      [`${UNITS}/sshd.service`]: link("@1-unit-sshd.service-disabled/sshd.service"),
      "@1-unit-sshd.service-disabled/sshd.service": link("/dev/null"),
    };

    expect(await compareUnit(unit("[Service]"), masked)).toBe("changed");
  });

  it("takes a directory of a package for what its version makes it", async () => {
    const zoneinfo = async (build: string, version: string): Promise<unknown> => {
      const target = `@${build}-tzdata-${version}/share/zoneinfo`;
      const facts = await readFacts(
        systemTree({ "@0-etc/etc/zoneinfo": link(target), [`${target}/UTC`]: "TZif" }),
      );
      return facts.etc?.get("zoneinfo")?.content;
    };

    expect(await zoneinfo("1", "2026a")).toBe(await zoneinfo("2", "2026b"));
  });
});
