import { describe, expect, it } from "vitest";

import { registrationOf } from "./effective-root.ts";

describe("registrationOf", () => {
  it("names a registration as Nix does", () => {
    // Made by Nix 2.8: nix-store --realise PATH --add-root /tmp/r/result, then ls <stateDir>/gcroots/auto
    expect(registrationOf("/tmp/r/result", "/nix/var/nix")).toBe(
      "/nix/var/nix/gcroots/auto/g8rrm59z6cifcy8s9ykxhzdcrkzy55vh",
    );
  });
});
