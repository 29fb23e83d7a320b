import { describe, expect, it } from "vitest";

import { diagnose, lastErrorLine } from "./diagnose.ts";

describe("diagnose", () => {
  it.each([
    ["error: writing to file: No space left on device", "ERR_NIX_DISK_FULL"],
    ["error: executing SQLite statement: database or disk is full", "ERR_NIX_DISK_FULL"],
    ["error: the group 'nixbld' specified in 'build-users-group' does not exist", "ERR_NIX_BUILD_USERS"],
    [
      "error: experimental Nix feature 'nix-command' is disabled; use '--extra-experimental-features nix-command' to override",
      "ERR_NIX_FEATURES",
    ],
    [
      "error: flake 'git+file:///f' requires lock file changes but they're not allowed due to '--no-update-lock-file'",
      "ERR_NIX_LOCK",
    ],
    [
      "error: cannot write modified lock file of flake 'git+file:///f?rev=1' (use '--no-write-lock-file' to ignore)",
      "ERR_NIX_LOCK",
    ],
    ["error: flake 'path:/f' does not provide attribute 'nixosConfigurations.x'", "ERR_NIX_ATTRIBUTE"],
    [
      "fatal: Could not read from remote repository.\nerror: program 'git' failed with exit code 128",
      "ERR_NIX_FETCH",
    ],
    ['error: Git repository "/srv/nope" does not exist.', "ERR_NIX_FETCH"],
    ["error: unable to download 'https://x/y': Couldn't resolve host name (6)", "ERR_NIX_FETCH"],
    [
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
      "ERR_NIX_STORE",
    ],
    ['error: creating directory "/nix/var/nix/profiles": Permission denied', "ERR_NIX_STORE"],
    [
      "error: a 'mips-linux' with features {} is required to build '/nix/store/x.drv', but I am a 'x86_64-linux' with features {kvm}",
      "ERR_NIX_SYSTEM",
    ],
    ["error: operation 'repairPath' is not supported by store 'daemon'", "ERR_NIX_UNSUPPORTED"],
    ["error: you are not privileged to add signatures", "ERR_NIX_UNTRUSTED"],
    ["error: secret key is corrupt", "ERR_NIX_KEY"],
    ["error: cannot add path '/nix/store/x' because it lacks a valid signature", "ERR_NIX_SIGNATURE"],
    [
      "error: cannot add path '/nix/store/x' because it lacks a signature by a trusted key",
      "ERR_NIX_SIGNATURE",
    ],
  ])("recognises %j", (stderr, code) => {
    expect(diagnose(stderr)?.code).toBe(code);
  });

  it("does not blame a substituter that is down for another error", () => {
    const stderr = "warning: unable to download 'https://cache/nix-cache-info'\nerror: no such option";

    expect(diagnose(stderr)).toBeUndefined();
  });
});

describe("diagnose of an evaluation error", () => {
  it("does not take a mistake inside a host for a host that is missing", () => {
    expect(diagnose("error: attribute 'services' missing")).toBeUndefined();
  });
});

describe("lastErrorLine", () => {
  it("finds the innermost error of a trace", () => {
    const stderr = "error:\n       … while evaluating x\n\n       error: no such option services.foo\n";

    expect(lastErrorLine(stderr)).toBe("no such option services.foo");
  });
});
