import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { formatStarterConfig } from "./starter-config.ts";

const STARTER = { configDir: "/etc/nix-cache-builder", keyName: "vm-1" };

const places = {
  stateDir: "/home/me/.local/state/nix-cache-builder",
  cacheDir: "/home/me/.cache/nix-builds",
};

describe("formatStarterConfig", () => {
  it("leaves open what nobody can know", () => {
    expect(() => parseConfig(formatStarterConfig(STARTER), { format: "toml" })).toThrow(
      /builder\.flakeRepo: required.*\n.*builder\.hosts: required/,
    );
  });

  it.each([STARTER, { ...STARTER, places }])("can be used once that is filled in", (starter) => {
    const filledIn = formatStarterConfig(starter).replaceAll("#! ", "");

    const { builder } = parseConfig(filledIn, { format: "toml" });

    expect(builder?.hosts).toEqual(["desktop", "laptop"]);
    expect(builder?.signingKeyFile).toBe("/etc/nix-cache-builder/vm-1.secret");
  });

  it("names a user's own directories", () => {
    const { builder } = parseConfig(formatStarterConfig({ ...STARTER, places }).replaceAll("#! ", ""), {
      format: "toml",
    });

    expect(builder).toMatchObject({ ...places, flakePath: `${places.stateDir}/flake` });
  });

  it("names the command that goes on, which is another one for a user's own services", () => {
    expect(formatStarterConfig(STARTER)).toContain("`nix-cache-builder install` again");
    expect(formatStarterConfig({ ...STARTER, places })).toContain("`nix-cache-builder install --user` again");
  });
});
