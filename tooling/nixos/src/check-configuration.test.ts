import { mkdir, symlink } from "node:fs/promises";
import { dirname } from "node:path";

import { makePrivateNix } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { MEMBER_DIR } from "./support/evaluate.ts";
import { makeDirectory } from "./support/temp-dir.ts";

/** Nixpkgs' functions, as far as a shell can be them, and a machine that runs what it builds. */
const PKGS = `{
  systemd = "";
  stdenv = rec { hostPlatform = { }; buildPlatform.canExecute = _: true; };
  writeText = builtins.toFile;
  runCommandLocal = name: _: script: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-euc" script ];
    PATH = "/bin:/usr/bin";
  };
}`;

/** Builds the configuration file with the real builder, as the system of a machine does, and gives its text. */
async function buildConfiguration(configuration: string): Promise<string> {
  using nix = makePrivateNix();
  await using packageDir = await makeDirectory();
  await mkdir(`${packageDir.path}/bin`);
  const program = `${dirname(MEMBER_DIR)}/bin/nix-cache-builder`;
  await symlink(program, `${packageDir.path}/bin/nix-cache-builder`);
  const expression = `import ${MEMBER_DIR}/lib/check-configuration.nix {
    package = "${packageDir.path}";
    pkgs = ${PKGS};
    value = ${configuration};
  }`;
  const [path = ""] = await nix.runAsync("nix-build", "--no-out-link", "--expr", expression);
  const [text = ""] = await nix.runAsync("cat", path);
  return text;
}

describe("check-configuration.nix", () => {
  it("builds the file that both programs read", async () => {
    const text = await buildConfiguration('{ builder = { flakeRepo = "/srv/fleet"; hosts = [ "a" ]; }; }');

    expect(JSON.parse(text)).toEqual({ builder: { flakeRepo: "/srv/fleet", hosts: ["a"] } });
  });

  it("fails the build of a system for a key that there is not, and names it", async () => {
    const built = buildConfiguration(
      '{ builder = { flakeRepo = "/srv/fleet"; hosts = [ "a" ]; graceHour = 1; }; }',
    );

    await expect(built).rejects.toThrow(/builder\.graceHour: unknown key/);
  });

  it("fails the build of a system for a secret, which everybody could read in the store", async () => {
    const built = buildConfiguration('{ nix.settings.access-tokens = "github.com=abc"; }');

    await expect(built).rejects.toThrow(/nix\.settings\.access-tokens/);
  });
});
