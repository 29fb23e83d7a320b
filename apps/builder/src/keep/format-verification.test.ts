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
    expect(formatVerification(broken)).toBe(
      [
        "HOST  GENERATION  PATHS     SIZE  STATE",
        "nz             1      3  2.00 MB  damaged, store paths: 1",
        "nz             2      3  2.00 MB  sound",
        "",
        `Modified: ${PATH}`,
        "To make them anew: nix-cache-builder verify --repair",
        "",
      ].join("\n"),
    );
  });

  it("says what became of a repair, and what root is to run", () => {
    const refused = { type: "refused", command: "sudo nix-store --repair-path x" } as const;

    expect(formatVerification({ ...broken, repair: repaired })).toContain(`Repaired: ${PATH}\n`);
    expect(formatVerification({ ...broken, repair: unrepaired })).toContain(
      `Not repaired: ${PATH}: no substituter`,
    );
    expect(formatVerification({ ...broken, repair: refused })).toContain("As root, run: sudo nix-store");
  });

  it("says so when nothing is published", () => {
    expect(formatVerification({ generations: [], modified: [], unreadable: [] })).toBe(
      "No generation is published.\n",
    );
  });
});

describe("isSound", () => {
  it("is true for what is sound, or was repaired", () => {
    expect(isSound({ ...broken, generations: [sound] })).toBe(true);
    expect(isSound({ ...broken, repair: repaired })).toBe(true);
  });

  it("is false for what is damaged still, or missing", () => {
    const missing = { ...sound, state: "missing" } as const;

    expect(isSound(broken)).toBe(false);
    expect(isSound({ ...broken, repair: unrepaired })).toBe(false);
    expect(isSound({ ...broken, generations: [missing], repair: repaired })).toBe(false);
  });
});
