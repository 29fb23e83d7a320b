import { describe, expect, it } from "vitest";

import { hostKeyNameOf, isSshAddress } from "./repository-address.ts";

describe("hostKeyNameOf", () => {
  it.each([
    ["git@github.com:team/flake.git", "github.com"],
    ["forge:flake", "forge"],
    ["git@[fd00::1]:flake", "fd00::1"],
    ["ssh://git@example.org/flake.git", "example.org"],
    ["ssh://git@example.org:22/flake.git", "example.org"],
    ["ssh://git@example.org:2222/flake.git", "[example.org]:2222"],
    ["ssh://git@[fd00::1]:2222/flake.git", "[fd00::1]:2222"],
    ["https://example.org/flake.git", undefined],
    ["/srv/flake.git", undefined],
    ["file:///srv/flake.git", undefined],
  ])("of %s is %s", (address, name) => {
    expect(hostKeyNameOf(address)).toBe(name);
    expect(isSshAddress(address)).toBe(name !== undefined);
  });
});
