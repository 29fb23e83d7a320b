import { describe, expect, it } from "vitest";

import { formatVerification, isSound, type VerificationReport } from "./format-verification.ts";

const PATH = "/nix/store/a-b";
const toplevel = "/nix/store/nz";
const sound = {
  host: "nz",
  generation: 2,
  toplevel,
  state: "sound",
  paths: 3,
  bytes: 2e6,
  damaged: [],
} as const;
const damaged = { ...sound, generation: 1, state: "damaged", damaged: [PATH] } as const;
const broken: VerificationReport = { generations: [damaged, sound], modified: [PATH], unreadable: [] };
const repaired = { type: "repaired", repaired: [PATH], unrepaired: [] } as const;
const unrepaired = {
  type: "repaired",
  repaired: [],
  unrepaired: [{ path: PATH, reason: "no-source" }],
} as const;

describe("formatVerification", () => {
  it("says of each generation how it is", () => {
    expect(formatVerification(broken, "/etc/config.toml")).toBe(
      [
        "HOST  GENERATION  PATHS     SIZE  STATE",
        "nz             1      3  2.00 MB  damaged, store paths: 1",
        "nz             2      3  2.00 MB  sound",
        "",
        `Modified: ${PATH}`,
        "To make them anew: nix-cache-builder verify --repair --config /etc/config.toml",
        "",
      ].join("\n"),
    );
  });

  it("says what became of a repair, and what root is to run", () => {
    const refused = { type: "refused", command: "sudo nix-store --repair-path x" } as const;

    expect(formatVerification({ ...broken, repair: repaired }, "/etc/config.toml")).toContain(
      `Repaired: ${PATH}\n`,
    );
    expect(formatVerification({ ...broken, repair: unrepaired }, "/etc/config.toml")).toContain(
      `Not repaired: ${PATH}: no substituter`,
    );
    expect(formatVerification({ ...broken, repair: refused }, "/etc/config.toml")).toContain(
      "As root, run: sudo nix-store",
    );
  });

  it("says that what was repaired could not be signed, and how to sign it", () => {
    const report = { ...broken, repair: { ...repaired, unsigned: "no key" } };

    expect(formatVerification(report, "/etc/my config.toml")).toContain(
      "Not signed: no key\nTo sign it: nix-cache-builder sign --all --config '/etc/my config.toml'\n",
    );
  });

  it("says so when nothing is published", () => {
    expect(formatVerification({ generations: [], modified: [], unreadable: [] }, "/etc/config.toml")).toBe(
      "No generation is published.\n",
    );
  });
});

describe("isSound", () => {
  it("is true for what is sound, or was repaired", () => {
    expect(isSound({ ...broken, generations: [sound] })).toBe(true);
    expect(isSound({ ...broken, repair: repaired })).toBe(true);
  });

  it("is false for what is damaged still, unsigned or missing", () => {
    const missing = { ...sound, state: "missing" } as const;

    expect(isSound(broken)).toBe(false);
    expect(isSound({ ...broken, repair: unrepaired })).toBe(false);
    expect(isSound({ ...broken, repair: { ...repaired, unsigned: "no key" } })).toBe(false);
    expect(isSound({ ...broken, generations: [missing], repair: repaired })).toBe(false);
  });
});
