import { copyFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { evaluate, evaluateModules, MEMBER_DIR } from "./support/evaluate.ts";
import { makeDirectory } from "./support/temp-dir.ts";

/** The VM test, which only nixpkgs can start; the modules are there whenever something is evaluated here. */
const TEST = `(import ${MEMBER_DIR}/vm-test.nix { modules = { builder = { }; client = { }; }; })`;

/** The options of NixOS's virtual machines that the test sets. */
const MACHINE_OPTIONS = `{ lib, ... }: {
  options.virtualisation = lib.mkOption { type = lib.types.anything; };
  options.networking.interfaces = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
}`;

describe("the VM test", () => {
  it("has a builder that the module takes", async () => {
    const found = await evaluateModules(
      [`${TEST}.nodes.builder`, MACHINE_OPTIONS],
      "{ inherit (it) failed; inherit (it.config) warnings; inherit (it.config.networking) interfaces; }",
    );

    expect(found).toMatchObject({
      failed: [],
      warnings: [],
      interfaces: { eth2: { ipv4: { addresses: [{ address: "10.7.0.1" }] } } },
    });
  });

  it("has a client that the module takes", async () => {
    const found = await evaluateModules(
      [`${TEST}.nodes.client`, MACHINE_OPTIONS],
      "{ inherit (it) failed; inherit (it.config.nix.settings) substituters; }",
    );

    expect(found).toEqual({ failed: [], substituters: ["http://builder:5000?priority=40"] });
  });

  it("has an outsider whose address is of no range that is let in", async () => {
    const address = await evaluateModules(
      [`${TEST}.nodes.outsider`, MACHINE_OPTIONS],
      "(builtins.head it.config.networking.interfaces.eth1.ipv4.addresses).address",
    );

    expect(address).toBe("10.7.0.2");
  });

  it("has a client that trusts the key that the builder signs with", async () => {
    const [rules, keys] = await evaluate<readonly [readonly string[], readonly string[]]>(
      `let
        evaluate = node: (import ${MEMBER_DIR}/test/evaluate.nix { modules = [ node (${MACHINE_OPTIONS}) ]; }).config;
        inherit (${TEST}) nodes;
      in [
        (evaluate nodes.builder).systemd.tmpfiles.rules
        (evaluate nodes.client).nix.settings.trusted-public-keys
      ]`,
    );

    const [, name = "", secret = ""] = /0400 root root - ([^:]+):(\S+)/.exec(rules.join("\n")) ?? [];
    // The second half of a secret key is the public one.
    const ownPublicKey = Buffer.from(secret, "base64").subarray(32).toString("base64");
    expect(keys).toEqual([`${name}:${ownPublicKey}`]);
  });

  it("has a fleet whose hosts depend on one another's parts", async () => {
    await using directory = await makeDirectory();
    await copyFile(`${MEMBER_DIR}/test/fleet/flake.nix`, `${directory.path}/flake.nix`);
    await writeFile(`${directory.path}/system`, "x86_64-linux");

    const texts = await evaluate(
      `builtins.mapAttrs (_: host: builtins.elemAt host.config.system.build.toplevel.args 1)
        ((import ${directory.path}/flake.nix).outputs { }).nixosConfigurations`,
    );

    expect(texts).toEqual({
      desktop: expect.stringMatching(/^echo "desktop: \/nix\/store\/\w{32}-motd" > "\$out"$/),
      laptop: expect.stringMatching(/^echo "laptop: \/nix\/store\/\w{32}-motd" > "\$out"$/),
    });
  });
});
