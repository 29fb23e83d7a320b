import { describe, expect, it } from "vitest";

import { NIX_2_34, NIX_2_8 } from "../../test/versions.ts";
import { evalDrvPath } from "./eval-drv-path.ts";
import { evalHostNames } from "./eval-host-names.ts";

const FEATURES = ["--extra-experimental-features", "nix-command flakes"];
const POLICY = ["--option", "accept-flake-config", "false", "--no-update-lock-file"];
const PRINTED = { exitCode: 0, stderr: "" };

describe("evalHostNames", () => {
  it("asks for the names without evaluating a host", () => {
    expect(evalHostNames({ flakeRef: "path:/f" }, NIX_2_8).argv).toEqual([
      ...FEATURES,
      "eval",
      "--json",
      "path:/f#nixosConfigurations",
      "--apply",
      "builtins.attrNames",
      ...POLICY,
    ]);
  });

  it("refuses output that is no list of names", () => {
    const { parse } = evalHostNames({ flakeRef: "path:/f" }, NIX_2_8);

    expect(() => parse({ ...PRINTED, stdout: "[1]" })).toThrow(TypeError);
  });

  it("refuses a reference that Nix would take for an option", () => {
    expect(() => evalHostNames({ flakeRef: "--impure" }, NIX_2_8)).toThrow(RangeError);
  });
});

describe("evalDrvPath", () => {
  it("names the host quoted, and refuses an incomplete lock", () => {
    expect(evalDrvPath({ flakeRef: "path:/f", host: "we.b" }, NIX_2_8).argv).toEqual([
      ...FEATURES,
      "eval",
      "--raw",
      'path:/f#nixosConfigurations."we.b".config.system.build.toplevel.drvPath',
      ...POLICY,
    ]);
  });

  it("takes the lock from elsewhere where Nix can", () => {
    const options = { flakeRef: "path:/f", host: "a", referenceLockFile: "/r/flake.lock" };

    expect(evalDrvPath(options, NIX_2_34).argv.slice(-2)).toEqual(["--reference-lock-file", "/r/flake.lock"]);
  });

  it("refuses a lock from elsewhere where Nix cannot", () => {
    const options = { flakeRef: "path:/f", host: "a", referenceLockFile: "/r/flake.lock" };

    expect(() => evalDrvPath(options, NIX_2_8)).toThrow(
      expect.objectContaining({ code: "ERR_NIX_UNSUPPORTED" }),
    );
  });

  it.each(["", "/s/a", "relative.drv", "/s/a.drv\nwarning"])("refuses %j as a derivation", (stdout) => {
    const { parse } = evalDrvPath({ flakeRef: "path:/f", host: "a" }, NIX_2_8);

    expect(() => parse({ ...PRINTED, stdout })).toThrow(TypeError);
  });
});
