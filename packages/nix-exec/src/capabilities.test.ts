import { describe, expect, it } from "vitest";

import { capabilitiesOf } from "./capabilities.ts";
import type { NixCapability } from "./capability-table.ts";
import { parseNixVersion } from "./version.ts";

const UPDATE: readonly NixCapability[] = [
  "updateTakesFlakeUrl",
  "updateTakesInputs",
  "updateTakesSeveralInputs",
  "lockUpdateInput",
  "lockUpdateInputDeprecated",
  "separateLockFile",
];
const JSON_SHAPES: readonly NixCapability[] = [
  "pathInfoJsonMap",
  "pathInfoJsonFormat",
  "pathInfoJsonFormat3",
  "buildJsonPathString",
];
const OWN: readonly NixCapability[] = [
  "deleteSkipAlive",
  "deleteClosureSkipLive",
  "deleteUnlink",
  "diffClosuresJson",
  "evalDrvLink",
  "flakePrefetchInputs",
  "jsonLogPath",
  "logBuildResult",
  "logSessionId",
  "ps",
];

function enabled(text: string, among: readonly NixCapability[]): readonly string[] {
  const capabilities = capabilitiesOf(parseNixVersion(text));
  return among.filter((name) => capabilities[name]);
}

describe("capabilitiesOf", () => {
  it.each([
    ["nix (Nix) 2.14.9", ["updateTakesFlakeUrl", "lockUpdateInput"]],
    ["nix (Nix) 2.18.9", ["updateTakesFlakeUrl", "lockUpdateInput", "separateLockFile"]],
    ["nix (Nix) 2.19.7", ["updateTakesInputs", "separateLockFile"]],
    ["nix (Nix) 2.20.0", ["updateTakesInputs", "lockUpdateInputDeprecated", "separateLockFile"]],
    [
      "nix (Nix) 2.35.0pre20260101_abcdef",
      ["updateTakesInputs", "updateTakesSeveralInputs", "lockUpdateInputDeprecated", "separateLockFile"],
    ],
    ["nix (Lix, like Nix) 2.90.0", ["updateTakesInputs", "updateTakesSeveralInputs", "separateLockFile"]],
    [
      "nix (Determinate Nix 3.0.0) 2.26.3",
      ["updateTakesInputs", "updateTakesSeveralInputs", "lockUpdateInputDeprecated", "separateLockFile"],
    ],
  ] as const)("knows how %j updates", (text, expected) => {
    expect(enabled(text, UPDATE)).toEqual(expected);
  });

  it.each([
    ["nix (Nix) 2.17.1", []],
    ["nix (Nix) 2.18.9", ["buildJsonPathString"]],
    ["nix (Nix) 2.19.0", ["pathInfoJsonMap", "buildJsonPathString"]],
    ["nix (Nix) 2.33.0", ["pathInfoJsonMap", "pathInfoJsonFormat", "buildJsonPathString"]],
    [
      "nix (Nix) 2.35.0",
      ["pathInfoJsonMap", "pathInfoJsonFormat", "pathInfoJsonFormat3", "buildJsonPathString"],
    ],
    ["nix (Lix, like Nix) 2.95.3", ["buildJsonPathString"]],
    ["nix (Determinate Nix 3.14.0) 2.32.4", ["pathInfoJsonMap", "buildJsonPathString"]],
    ["nix (Determinate Nix 3.15.0) 2.33.0", ["pathInfoJsonMap", "pathInfoJsonFormat", "buildJsonPathString"]],
  ] as const)("knows the JSON of %j", (text, expected) => {
    expect(enabled(text, JSON_SHAPES)).toEqual(expected);
  });

  it.each([
    ["nix (Nix) 2.34.8", ["flakePrefetchInputs", "jsonLogPath"]],
    ["nix (Nix) 2.35.2", ["deleteSkipAlive", "flakePrefetchInputs", "jsonLogPath"]],
    ["nix (Lix, like Nix) 2.92.3", []],
    ["nix (Lix, like Nix) 2.93.0-dev", ["deleteClosureSkipLive", "diffClosuresJson"]],
    ["nix (Lix, like Nix) 2.95.0", ["deleteClosureSkipLive", "deleteUnlink", "diffClosuresJson"]],
    ["nix (Determinate Nix 3.0.0) 2.26.3", []],
    ["nix (Determinate Nix 3.7.0) 2.30.0", ["flakePrefetchInputs", "jsonLogPath", "logBuildResult"]],
    [
      "nix (Determinate Nix 3.22.1) 2.35.2",
      ["deleteSkipAlive", "flakePrefetchInputs", "jsonLogPath", "logBuildResult", "logSessionId", "ps"],
    ],
    [
      "nix (Determinate Nix 3.22.2) 2.35.2",
      [
        "deleteSkipAlive",
        "evalDrvLink",
        "flakePrefetchInputs",
        "jsonLogPath",
        "logBuildResult",
        "logSessionId",
        "ps",
      ],
    ],
  ] as const)("counts %j by its own numbers", (text, expected) => {
    expect(enabled(text, OWN)).toEqual(expected);
  });

  it.each(["nix (Nix) 2.7.0", "nix (Nix) 2.3.16"])("refuses %j, which is older than 2.8", (text) => {
    expect(() => enabled(text, [])).toThrow(expect.objectContaining({ code: "ERR_NIX_UNSUPPORTED" }));
  });
});
