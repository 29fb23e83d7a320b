import { describe, expect, it } from "vitest";

import { files, nextSystem, storePath, system } from "../test/closures.ts";
import { type ClosureDiff, diffClosures, type SystemFacts } from "./index.ts";

function diffFacts(before: SystemFacts, after: SystemFacts): ClosureDiff {
  return diffClosures(system([], before), nextSystem([], after));
}

describe("diffClosures, of systems", () => {
  it("says nothing of a system where the facts of one are not known", () => {
    const diff = diffClosures(system([]), nextSystem([], { kernel: storePath("linux-6.12") }));

    expect(diff).not.toHaveProperty("reboot");
    expect(diff).not.toHaveProperty("units");
  });

  it("tells every part that takes a reboot, with its names", () => {
    const before: SystemFacts = {
      kernel: storePath("linux-6.12.1"),
      initrd: storePath("initrd-linux-6.12.1"),
      kernelModules: storePath("kernel-modules", "1"),
      systemd: storePath("systemd-256"),
    };
    const after: SystemFacts = {
      kernel: storePath("linux-6.12.2"),
      kernelModules: storePath("kernel-modules", "2"),
      systemd: storePath("systemd-256"),
    };

    expect(diffFacts(before, after).reboot).toEqual([
      { type: "kernel", before: "linux-6.12.1", after: "linux-6.12.2" },
      { type: "initrd", before: "initrd-linux-6.12.1" },
      { type: "kernel-modules", before: "kernel-modules", after: "kernel-modules" },
    ]);
  });

  it("tells which kernel parameters came and went, repeated ones too", () => {
    const before = ["console=tty0", "console=tty0", "debug", "quiet"];
    const after = ["console=tty0", "quiet", "panic=1"];

    expect(diffFacts({ kernelParams: before }, { kernelParams: after }).reboot).toEqual([
      { type: "kernel-params", added: ["panic=1"], removed: ["console=tty0", "debug"] },
    ]);
  });

  it("counts another order of kernel parameters", () => {
    const reboot = diffFacts({ kernelParams: ["a", "b"] }, { kernelParams: ["b", "a"] }).reboot;

    expect(reboot).toEqual([{ type: "kernel-params", added: [], removed: [] }]);
  });

  it("tells units that changed from those that were only rebuilt", () => {
    const before = files({ "a.service": "1/x", "b.service": "1/x", "c.service": "1/x", "d.service": "1" });
    const after = files({ "a.service": "1/x", "b.service": "2/x", "c.service": "2/y", "e.service": "1" });

    expect(diffFacts({ units: before }, { units: after }).units).toEqual({
      added: ["e.service"],
      removed: ["d.service"],
      changed: ["c.service"],
      rebuilt: 1,
    });
  });

  it("leaves out the links to a unit that came itself, and keeps those to one that was there", () => {
    const before = files({ "b.service": "1", "user/c.service": "1" });
    const after = files({
      "a.service": "1",
      "multi-user.target.wants/a.service": "../a.service",
      "b.service": "1",
      "multi-user.target.wants/b.service": "../b.service",
      "user/c.service": "1",
      "user/d.service": "1",
      "user/default.target.requires/d.service": "../d.service",
    });

    expect(diffFacts({ units: before }, { units: after }).units?.added).toEqual([
      "a.service",
      "multi-user.target.wants/b.service",
      "user/d.service",
    ]);
  });

  it("compares files in /etc the same way, by name", () => {
    const before = files({ motd: "1", "ssh/sshd_config": "1/x" });
    const after = files({ "ssh/sshd_config": "2/x", hosts: "1" });

    expect(diffFacts({ etc: before }, { etc: after }).etc).toEqual({
      added: ["hosts"],
      removed: ["motd"],
      changed: [],
      rebuilt: 1,
    });
  });

  it("says nothing of files where those of one are not known", () => {
    expect(diffFacts({ etc: files({}) }, {})).not.toHaveProperty("etc");
  });
});
