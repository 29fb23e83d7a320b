import { describe, expect, it } from "vitest";

import { isAtLeast, parseNixVersion } from "./version.ts";

describe("parseNixVersion", () => {
  it("reads upstream Nix", () => {
    expect(parseNixVersion("nix (Nix) 2.8.0\n")).toEqual({
      implementation: "nix",
      major: 2,
      minor: 8,
      patch: 0,
      text: "nix (Nix) 2.8.0",
    });
  });

  it.each([
    ["nix (Nix) 2.25pre20240910_abc", { major: 2, minor: 25, patch: 0 }],
    ["nix (Nix) 2.35.0pre20260101_abcdef", { major: 2, minor: 35, patch: 0 }],
    ["nix (Nix) 2.3.16", { major: 2, minor: 3, patch: 16 }],
    ["nix (Lix, like Nix) 2.93.0-dev", { implementation: "lix", major: 2, minor: 93, patch: 0 }],
    ["nix (Lix, like Nix) 2.94.0-dev-pre20250703-b1d4c28", { implementation: "lix", minor: 94 }],
    ["nix (Determinate Nix 3.0) 2.26.2", { minor: 26, determinate: { major: 3, minor: 0, patch: 0 } }],
  ])("reads %j", (output, expected) => {
    expect(parseNixVersion(output)).toMatchObject(expected);
  });

  it("reads Lix", () => {
    expect(parseNixVersion("nix (Lix, like Nix) 2.93.1\nSystem type: x86_64-linux")).toMatchObject({
      implementation: "lix",
      minor: 93,
      patch: 1,
      text: "nix (Lix, like Nix) 2.93.1",
    });
  });

  it("reads Determinate's own version and its base", () => {
    expect(parseNixVersion("nix (Determinate Nix 3.22.2) 2.35.2")).toMatchObject({
      implementation: "determinate",
      determinate: { major: 3, minor: 22, patch: 2 },
      major: 2,
      minor: 35,
    });
  });

  it.each(["", "bash: nix: command not found", "nix 2.8", "nix (Guix) 2.8.0"])("refuses %j", (output) => {
    expect(() => parseNixVersion(output)).toThrow(expect.objectContaining({ code: "ERR_NIX_VERSION" }));
  });
});

describe("isAtLeast", () => {
  it.each([
    ["nix (Nix) 2.8.0", false],
    ["nix (Nix) 2.15.0", true],
    ["nix (Nix) 2.34.8", true],
    ["nix (Nix) 3.0.0", true],
    ["nix (Nix) 1.99", false],
  ])("compares %j with 2.15", (text, expected) => {
    expect(isAtLeast(parseNixVersion(text), [2, 15])).toBe(expected);
  });

  it("compares patch numbers where the release has one", () => {
    const version = parseNixVersion("nix (Nix) 2.22.1");

    expect(isAtLeast(version, [2, 22, 1])).toBe(true);
    expect(isAtLeast(version, [2, 22, 2])).toBe(false);
  });
});
