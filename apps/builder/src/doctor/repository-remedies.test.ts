import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { remedyForRemote } from "./repository-remedies.ts";

const KEY = "/root/.ssh/id_ed25519";

function machineForTest(
  loaded: ReadonlyMap<string, readonly string[]>,
): Parameters<typeof remedyForRemote>[0] {
  const text = `[builder]\nflakeRepo = "git@forge:you/dotnix"\nhosts = ["nz"]\nsshKeyFile = "${KEY}"\n`;
  const { builder, ...rest } = parseConfig(text, { format: "toml" });
  if (builder === undefined) throw new Error("expected a builder section");
  return {
    config: { ...rest, builder },
    configFile: "/etc/nix-cache-builder/config.toml",
    loaded,
    rootView: undefined,
    serviceName: "nix-cache-builder",
  };
}

describe("remedyForRemote", () => {
  it("has root show a key that systemd hands over: it is hidden from the service's user", () => {
    const machine = machineForTest(new Map([["sshKeyFile", [KEY]]]));

    const remedy = remedyForRemote(machine, "ERR_GITSYNC_AUTH");

    expect(remedy.split("\n")).toEqual([
      `make the key, if it is missing: sudo ssh-keygen -t ed25519 -N '' -f ${KEY}`,
      `add what this prints to the forge, as a read-only deploy key: sudo ssh-keygen -y -f ${KEY}`,
    ]);
  });

  it("has the service's user make a key that it reads itself", () => {
    const remedy = remedyForRemote(machineForTest(new Map()), "ERR_GITSYNC_KEY");

    expect(remedy).toBe(`sudo -u nix-cache-builder ssh-keygen -t ed25519 -N '' -f ${KEY}`);
  });
});
