import { describe, expect, it } from "vitest";

import { asBuilder, asService, giveSecret } from "./remedies.ts";

const ROOT_VIEW = { files: new Map(), builders: undefined, firewall: undefined };

describe("giveSecret", () => {
  it("is a mode and an owner for a file of one's own", () => {
    expect(giveSecret({ rootView: ROOT_VIEW }, "/etc/a key", "builder")).toBe(
      "chown builder '/etc/a key'\nchmod 0400 '/etc/a key'",
    );
  });

  it.each([
    ["/run/secrets/nix-key", 'sops.secrets."nix-key" = { owner = "builder"; mode = "0400"; };'],
    ["/run/agenix/nix-key", 'age.secrets."nix-key" = { owner = "builder"; mode = "0400"; };'],
  ])("is a line of the NixOS configuration for %s, which is made anew at each start", (file, line) => {
    expect(giveSecret({ rootView: undefined }, file, "builder")).toContain(line);
  });
});

describe("asBuilder", () => {
  it("names the configuration only where it is not the usual one", () => {
    const usual = { rootView: undefined, configFile: "/etc/nix-cache-builder/config.toml" };

    expect(asBuilder(usual, "prune")).toBe("sudo nix-cache-builder prune");
    expect(asBuilder({ rootView: ROOT_VIEW, configFile: "/c.toml" }, "prune")).toBe(
      "nix-cache-builder prune --config /c.toml",
    );
  });
});

describe("asService", () => {
  it("becomes the service's user, unless that is root", () => {
    expect(asService({ rootView: ROOT_VIEW, serviceName: "builder" }, "id")).toBe("sudo -u builder id");
    expect(asService({ rootView: ROOT_VIEW, serviceName: "root" }, "id")).toBe("id");
    expect(asService({ rootView: undefined, serviceName: "root" }, "id")).toBe("sudo id");
  });
});
