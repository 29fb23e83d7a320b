import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { findLocalInputs } from "./local-inputs.ts";

const FIXTURES = `${import.meta.dirname}/../../test/fixtures/locks`;

describe("findLocalInputs", () => {
  it.each([
    ["2.8", ["dep/g", "dep/s", "dep/sub", "dep/t"]],
    ["2.26", ["dep/f", "dep/g", "dep/s", "dep/t"]],
    ["2.34", ["dep/f", "dep/g", "dep/s", "dep/t"]],
  ])("finds what an input has for inputs in a lock of Nix %s", async (version, names) => {
    const lock = await readFile(`${FIXTURES}/local-${version}.lock`);

    expect(findLocalInputs(lock, "/nix/store").map(({ name }) => name)).toEqual(names);
  });

  it("says where each is", async () => {
    const lock = await readFile(`${FIXTURES}/local-2.34.lock`);

    expect(findLocalInputs(lock, "/nix/store").map(({ url }) => url)).toEqual([
      "file:///tmp/locks/plain/secret",
      "git+file:///tmp/locks/repository?ref=refs/heads/main",
      "path:/tmp/locks/plain",
      "file:///tmp/locks/archive.tar.gz",
    ]);
  });

  it.each([
    ["an absolute path", { type: "path", path: "/run/credentials/x" }],
    ["a path that leaves the store", { type: "path", path: "/nix/store/../../run/credentials" }],
    [
      "a path below one of the store, where a link may be",
      { type: "path", path: "/nix/store/x-source/link/x" },
    ],
    ["the whole store", { type: "path", path: "/nix/store" }],
    ["a path that is none", { type: "path", path: 1 }],
    ["a relative path of a Nix that follows links out of the source", { type: "path", path: "./link/x" }],
    ["a git repository by its path", { type: "git", url: "/srv/git" }],
    ["a Mercurial repository", { type: "hg", url: "file:///srv/hg" }],
    ["a scheme in capitals, which curl takes", { type: "file", url: "FILE:///etc/shadow" }],
    ["a tarball of this host by name", { type: "tarball", url: "file://localhost/srv/x.tar" }],
  ])("finds %s", (_, locked) => {
    expect(findLocalInputs(lockOf({ locked }), "/nix/store")).toMatchObject([{ name: "dep/s" }]);
  });

  it.each([
    [
      "a path of the store, which a registry may name",
      { locked: { type: "path", path: "/nix/store/x-source" } },
    ],
    ["a relative path inside of its parent", { locked: { type: "path", path: "./sub" }, parent: ["dep"] }],
    ["a repository elsewhere", { locked: { type: "git", url: "ssh://git@forge/repo" } }],
    ["a forge", { locked: { type: "github", owner: "NixOS", repo: "nixpkgs" } }],
  ])("has nothing against %s", (_, node) => {
    expect(findLocalInputs(lockOf(node), "/nix/store")).toEqual([]);
  });

  it("does not take for the root's own what it follows", () => {
    const root = { inputs: { dep: "dep", mine: ["dep", "s"] } };

    const found = findLocalInputs(lockOf({ locked: { type: "path", path: "/run" } }, root), "/nix/store");

    expect(found).toMatchObject([{ name: "dep/s" }]);
  });

  it("finds what no way leads to, and what lies deeper than any real lock", () => {
    const locked = { type: "path", path: "/run" };
    const chain = Array.from({ length: 200 }, (_, index) => [
      `n${index}`,
      { locked: { type: "github" }, inputs: { next: `n${index + 1}` } },
    ]);
    const nodes = {
      root: { inputs: { n: "n0" } },
      ...Object.fromEntries(chain),
      n200: { locked },
      lost: { locked },
    };

    const found = findLocalInputs(
      Buffer.from(JSON.stringify({ nodes, root: "root", version: 7 })),
      "/nix/store",
    );

    expect(found.map(({ name }) => name)).toEqual(["n200", "lost"]);
  });
});

function lockOf(node: object, root: object = { inputs: { dep: "dep" } }): Uint8Array {
  const dep = { inputs: { s: "s" }, locked: { type: "github", owner: "o", repo: "r" } };
  return Buffer.from(JSON.stringify({ nodes: { root, dep, s: node }, root: "root", version: 7 }));
}
