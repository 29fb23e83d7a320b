import { describe, expect, it } from "vitest";

import { findDefaultConfig } from "./default-config.ts";

const TOML = "/etc/nix-cache-builder/config.toml";
const JSON = "/etc/nix-cache-builder/config.json";

describe("findDefaultConfig", () => {
  it.each([
    { present: [TOML], found: TOML },
    { present: [JSON], found: JSON },
    { present: [TOML, JSON], found: TOML },
    { present: [], found: TOML },
  ])("takes $found when $present is there", ({ found, present }) => {
    expect(findDefaultConfig((file) => present.includes(file))).toBe(found);
  });
});
