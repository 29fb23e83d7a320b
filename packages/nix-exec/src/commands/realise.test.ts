import { describe, expect, it } from "vitest";

import { readBuildFailures, realise } from "./realise.ts";

describe("realise", () => {
  it("spells every option", () => {
    const options = {
      path: "/s/a.drv",
      root: "/r/a",
      buildTimeoutMs: 3_600_000,
      maxSilentTimeMs: 1500,
      builders: "",
    };

    expect(realise(options).argv).toEqual(
      "--realise /s/a.drv --keep-going --log-format internal-json -v"
        .split(" ")
        .concat(["--add-root", "/r/a", "--timeout", "3600", "--max-silent-time", "2", "--builders", ""]),
    );
  });

  it.each([0, -1, Number.NaN, Infinity])(
    "refuses a time of %j ms, which would mean none",
    (buildTimeoutMs) => {
      expect(() => realise({ path: "/s/a.drv", buildTimeoutMs })).toThrow(RangeError);
    },
  );

  it("tells a failed build from a failed Nix", () => {
    const { accepts } = realise({ path: "/s/a.drv" });

    expect(
      [0, 1, 2, 100, 101, 102, 104, 108, 127, 143].filter((exitCode) => accepts?.(exitCode, "")),
    ).toEqual([0, 100, 101, 102, 104, 108]);
  });
});

describe("readBuildFailures", () => {
  it.each([
    [100, ["builder"]],
    [101, ["timeout"]],
    [102, ["hash-mismatch"]],
    [103, ["timeout", "hash-mismatch"]],
    [104, ["non-deterministic"]],
    [109, ["timeout", "non-deterministic"]],
    [0, undefined],
    [1, undefined],
    [96, undefined],
    [112, undefined],
  ])("reads %i", (exitCode, expected) => {
    expect(readBuildFailures(exitCode)).toEqual(expected);
  });
});
