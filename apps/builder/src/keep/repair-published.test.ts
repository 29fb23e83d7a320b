import { describe, expect, it } from "vitest";

import { formatRepairCommand } from "./repair-published.ts";

const nix = {
  storeDir: "/nix/store",
  stateDir: "/nix/var/nix",
  realStoreDir: "/nix/store",
  logDir: "/nix/var/log/nix",
  settings: {},
};

describe("formatRepairCommand", () => {
  it("names every damaged path", () => {
    expect(formatRepairCommand(nix, ["/nix/store/a-b", "/nix/store/c-d"])).toBe(
      "sudo nix-store --repair-path /nix/store/a-b /nix/store/c-d",
    );
  });

  it("tells Nix of another store, and which Nix it is", () => {
    const elsewhere = { ...nix, storeDir: "/srv/store", stateDir: "/srv/my state", binDir: "/opt/nix/bin" };

    expect(formatRepairCommand(elsewhere, ["/srv/store/a-b"])).toBe(
      "sudo env NIX_STORE_DIR=/srv/store 'NIX_STATE_DIR=/srv/my state' /opt/nix/bin/nix-store --repair-path /srv/store/a-b",
    );
  });
});
