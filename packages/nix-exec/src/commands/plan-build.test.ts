import { describe, expect, it } from "vitest";

import { planBuild } from "./plan-build.ts";

const NOTHING = { willBuild: [], willSubstitute: [], unknown: [], downloadBytes: 0, unpackedBytes: 0 };

function parse(stderr: string): unknown {
  return planBuild({ path: "/s/a.drv" }).parse({ exitCode: 0, stdout: "", stderr });
}

describe("planBuild", () => {
  it("asks without building", () => {
    expect(planBuild({ path: "/s/a.drv" }).argv).toEqual(["--realise", "/s/a.drv", "--dry-run"]);
  });

  it("reads that nothing is to do", () => {
    expect(parse("")).toEqual(NOTHING);
  });

  it("reads what Nix 2.8 and 2.26 print", () => {
    const stderr = [
      "warning: unable to download 'http://127.0.0.1:9/nix-cache-info': Couldn't connect to server (7)",
      "these 2 derivations will be built:",
      "  /s/1-lib.drv",
      "  /s/2-top.drv",
      "these 3 paths will be fetched (1.50 MiB download, 2048.00 MiB unpacked):",
      "  /s/3-a",
      "  /s/4-b",
      "  /s/5-c",
      "don't know how to build these paths:",
      "  /s/6-d",
    ].join("\n");

    expect(parse(stderr)).toEqual({
      willBuild: ["/s/1-lib.drv", "/s/2-top.drv"],
      willSubstitute: ["/s/3-a", "/s/4-b", "/s/5-c"],
      unknown: ["/s/6-d"],
      downloadBytes: 1.5 * 2 ** 20,
      unpackedBytes: 2 * 2 ** 30,
    });
  });

  it("reads what Nix 2.34 prints, of one path each", () => {
    const stderr = [
      "this derivation will be built:",
      "  /s/1-lib.drv",
      "this path will be fetched (0.2 KiB download, 1.0 GiB unpacked):",
      "  /s/2-a",
      "don't know how to build these paths (may be caused by read-only store access):",
      "  /s/3-b",
    ].join("\n");

    expect(parse(stderr)).toMatchObject({
      willBuild: ["/s/1-lib.drv"],
      willSubstitute: ["/s/2-a"],
      unknown: ["/s/3-b"],
      downloadBytes: 205,
      unpackedBytes: 2 ** 30,
    });
  });

  it.each([
    "these 2 derivations will be built:\n  /s/1-lib.drv",
    "this path will be fetched (a lot, even more):\n  /s/1-lib",
    "this path will be fetched (1.0 XiB download, 1.0 KiB unpacked):\n  /s/1-lib",
  ])("refuses %j", (stderr) => {
    expect(() => parse(stderr)).toThrow(TypeError);
  });
});
