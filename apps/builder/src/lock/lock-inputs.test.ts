import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { parseLockInputs } from "./lock-inputs.ts";

const FIXTURES = `${import.meta.dirname}/../../test/fixtures/locks`;

const STABLE = "923be0cc6e649c6eb96e2529acd77f919126a214";
const UNSTABLE = "98d6c4a726be27288912d157c6894fcee94ea13d";
const HOME_MANAGER = "cd95c0bdc215742380b964d41e26bef6412ae000";

describe("parseLockInputs", () => {
  it("gives each input what it follows, as Nix resolves it", async () => {
    const inputs = parseLockInputs(await readFile(`${FIXTURES}/follows.lock`));

    expect(inputs?.map(({ name, rev }) => [name, rev])).toEqual([
      ["home-manager", HOME_MANAGER],
      ["nixpkgs", UNSTABLE],
      // Follows home-manager/nixpkgs, which is not home-manager.
      ["np", STABLE],
      ["plain", undefined],
      ["secrets", "9d0ed9badd4df6740f9dc0372123b07f705f8468"],
      ["home-manager/nixpkgs", STABLE],
      ["secrets/hm", HOME_MANAGER],
      ["secrets/nixpkgs", UNSTABLE],
      ["secrets/hm/nixpkgs", UNSTABLE],
    ]);
  });

  it("says where each comes from and when it was changed", async () => {
    const inputs = parseLockInputs(await readFile(`${FIXTURES}/follows.lock`));

    expect(inputs?.[1]).toEqual({
      name: "nixpkgs",
      type: "git",
      url: "git+file:///tmp/locks/unstable?ref=main",
      rev: UNSTABLE,
      lastModified: new Date("2026-11-20T00:00:00.000Z"),
      narHash: "sha256-bXGIywooSX1IL1ZKB33g7zRKvG0VIjpbuZZDb1TMpGI=",
    });
    expect(inputs?.[3]).toMatchObject({ type: "path", url: "path:/tmp/locks/stable/flake.nix" });
  });

  it("lists nothing for a flake without inputs", () => {
    expect(parseLockInputs(lockOf({ root: {} }))).toEqual([]);
  });

  it.each([
    ["no JSON", Buffer.from("{")],
    ["a list", Buffer.from("[]")],
    ["an unknown version", Buffer.from('{"nodes":{"root":{}},"root":"root","version":99}')],
    ["a root that is not there", Buffer.from('{"nodes":{},"root":"root","version":7}')],
    ["bytes", Buffer.from([0xff, 0x00, 0xfe])],
  ])("does not take %s for a lock", (_, lock) => {
    expect(parseLockInputs(lock)).toBeUndefined();
  });
});

describe("the address of an input", () => {
  const urlOf = (locked: object, original: object = {}): string | undefined =>
    parseLockInputs(lockOf({ root: { inputs: { a: "a" } }, a: { locked, original } }))?.[0]?.url;

  it.each([
    [{ type: "github", owner: "NixOS", repo: "nixpkgs", rev: "abc" }, "github:NixOS/nixpkgs"],
    [
      { type: "gitlab", owner: "a", repo: "b", host: "git.example.org", dir: "nix" },
      "gitlab:a/b?host=git.example.org&dir=nix",
    ],
    [{ type: "git", url: "ssh://git@example.org/a.git" }, "git+ssh://git@example.org/a.git"],
    [{ type: "hg", url: "https://example.org/a" }, "hg+https://example.org/a"],
    [{ type: "tarball", url: "https://example.org/a.tar.gz" }, "https://example.org/a.tar.gz"],
    [{ type: "indirect", id: "nixpkgs" }, "flake:nixpkgs"],
    [{ type: "novel" }, "novel:"],
  ])("of %o is %s", (locked, url) => {
    expect(urlOf(locked)).toBe(url);
  });

  it("names the branch that was asked for", () => {
    const original = { type: "github", owner: "NixOS", repo: "nixpkgs", ref: "nixos-unstable" };

    expect(urlOf({ type: "github", owner: "NixOS", repo: "nixpkgs" }, original)).toBe(
      "github:NixOS/nixpkgs/nixos-unstable",
    );
  });

  it.each([
    ["git", "https://user:s3cret@example.org/a", "git+https://example.org/a"],
    ["git", "ssh://git:s3cret@example.org/a", "git+ssh://git@example.org/a"],
    [
      "tarball",
      "https://example.org/a.tar.gz?private_token=s3cret&ref=main&x=s3cret",
      "https://example.org/a.tar.gz?private_token=***&ref=main&x=***",
    ],
  ])("of type %s has no secret", (type, url, shown) => {
    expect(urlOf({ type, url })).toBe(shown);
  });
});

function lockOf(nodes: object): Uint8Array {
  return Buffer.from(JSON.stringify({ nodes, root: "root", version: 7 }));
}
