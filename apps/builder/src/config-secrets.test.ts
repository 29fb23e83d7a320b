import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { findConfigSecrets } from "./config-secrets.ts";

function findKeys(sections: Readonly<Record<string, unknown>>): readonly string[] {
  const config = parseConfig(JSON.stringify(sections), { format: "json" });
  return findConfigSecrets(config).map(({ key }) => key);
}

const builderOf = (flakeRepo: string, more: Readonly<Record<string, string>> = {}) => ({
  builder: { flakeRepo, hosts: ["nz"], ...more },
});

describe("findConfigSecrets", () => {
  it.each([
    "https://me:secret@example.org/flake.git",
    "https://:secret@example.org/flake.git",
    "https://ghp_secret@example.org/flake.git",
    "http://ghp_secret@localhost/flake.git",
    "https://a@b:secret@example.org/flake.git",
  ])("finds the password or token of %s", (flakeRepo) => {
    expect(findKeys(builderOf(flakeRepo))).toEqual(["builder.flakeRepo"]);
  });

  it("finds a password beside the file of a token, too", () => {
    const sections = builderOf("https://me:secret@example.org/f.git", { repoTokenFile: "/run/token" });

    expect(findKeys(sections)).toEqual(["builder.flakeRepo"]);
  });

  it("lets a user name pass whose token is in a file", () => {
    const sections = builderOf("https://deploy@example.org/f.git", { repoTokenFile: "/run/token" });

    expect(findKeys(sections)).toEqual([]);
  });

  it.each([
    "https://example.org/flake.git",
    "https://example.org:8443/@scope/a:b@c.git",
    "ssh://git@example.org/flake.git",
    "git@example.org:flake.git",
    "/srv/flake",
  ])("finds nothing in %s", (flakeRepo) => {
    expect(findKeys(builderOf(flakeRepo))).toEqual([]);
  });

  it.each(["access-tokens", "extra-access-tokens"])("finds %s among the settings of Nix", (name) => {
    expect(findKeys({ nix: { settings: { [name]: "github.com=secret" } } })).toEqual(["nix.settings"]);
  });
});
