import { describe, expect, it } from "vitest";

import { listInputChanges } from "./input-changes.ts";

const NIXPKGS = { name: "nixpkgs", type: "github", url: "github:NixOS/nixpkgs", rev: "a" };
const DISKO = { name: "disko", type: "github", url: "github:nix-community/disko", rev: "b" };

describe("listInputChanges", () => {
  it("lists what is new, gone or pinned to something else, by name", () => {
    const newer = { ...NIXPKGS, rev: "c" };
    const plain = { name: "plain", type: "path", url: "path:/a", narHash: "sha256-a" };

    expect(listInputChanges([NIXPKGS, DISKO], [plain, newer])).toEqual([
      { name: "disko", before: DISKO },
      { name: "nixpkgs", before: NIXPKGS, after: newer },
      { name: "plain", after: plain },
    ]);
  });

  it("sees a change of a source without revisions", () => {
    const plain = { name: "plain", type: "path", url: "path:/a", narHash: "sha256-a" };

    expect(listInputChanges([plain], [{ ...plain, narHash: "sha256-b" }])).toHaveLength(1);
  });

  it("lists nothing when nothing changed", () => {
    expect(listInputChanges([NIXPKGS, DISKO], [DISKO, { ...NIXPKGS }])).toEqual([]);
  });
});
