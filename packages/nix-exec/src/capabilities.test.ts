import { describe, expect, it } from "vitest";

import { capabilitiesOf, type NixCapabilities } from "./capabilities.ts";
import { parseNixVersion } from "./version.ts";

function enabled(text: string): readonly string[] {
  const capabilities: NixCapabilities = capabilitiesOf(parseNixVersion(text));
  return Object.entries(capabilities).flatMap(([name, has]) => (has ? [name] : []));
}

describe("capabilitiesOf", () => {
  it.each([
    ["nix (Nix) 2.8.0", []],
    ["nix (Nix) 2.14.9", []],
    ["nix (Nix) 2.15.0", ["separateLockFile"]],
    ["nix (Nix) 2.18.9", ["separateLockFile"]],
    ["nix (Nix) 2.19.0", ["separateLockFile", "updateTakesInputs"]],
    ["nix (Nix) 2.20.0", ["separateLockFile", "updateTakesInputs", "configShow"]],
    ["nix (Nix) 2.21.0", ["separateLockFile", "updateTakesInputs", "updateTakesSeveralInputs", "configShow"]],
    [
      "nix (Nix) 2.33.0",
      [
        "separateLockFile",
        "updateTakesInputs",
        "updateTakesSeveralInputs",
        "pathInfoJsonFormat",
        "configShow",
      ],
    ],
    [
      "nix (Lix, like Nix) 2.93.0",
      ["separateLockFile", "updateTakesInputs", "updateTakesSeveralInputs", "configShow"],
    ],
    [
      "nix (Determinate Nix 3.0.0) 2.26.3",
      ["separateLockFile", "updateTakesInputs", "updateTakesSeveralInputs", "configShow"],
    ],
    [
      "nix (Determinate Nix 3.22.2) 2.35.2",
      [
        "separateLockFile",
        "updateTakesInputs",
        "updateTakesSeveralInputs",
        "pathInfoJsonFormat",
        "configShow",
      ],
    ],
  ])("knows what %j can do", (text, expected) => {
    expect(enabled(text)).toEqual(expected);
  });

  it("refuses releases older than 2.8", () => {
    expect(() => enabled("nix (Nix) 2.7.0")).toThrow(
      expect.objectContaining({ code: "ERR_NIX_UNSUPPORTED" }),
    );
  });
});
