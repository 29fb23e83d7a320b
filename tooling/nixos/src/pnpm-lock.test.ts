import { readdir, readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { evaluate, MEMBER_DIR } from "./support/evaluate.ts";
import { type Dependencies, findDependencies } from "./support/find-dependencies.ts";
import { ROOT } from "./support/places.ts";
import { type ReadDependencies, readLockWithNix } from "./support/read-lock-with-nix.ts";
import { readLock } from "./support/read-lock.ts";

const WORKSPACE = await readFile(`${ROOT}/pnpm-lock.yaml`, "utf8");
const PEERS = await readFile(`${MEMBER_DIR}/test/fixtures/peers/pnpm-lock.yaml`, "utf8");
const PEERS_DIRECTORIES = await readFile(`${MEMBER_DIR}/test/fixtures/peers/directories.txt`, "utf8");

function withoutDirectories({ members, packages }: ReadDependencies): Dependencies {
  const described = Object.entries(packages).map(([key, { name, version, url, hash, dependencies }]) => {
    return [key, { name, version, url, hash, dependencies }] as const;
  });
  return { members, packages: Object.fromEntries(described) };
}

function listDirectories({ packages }: ReadDependencies): string[] {
  return Object.values(packages).map(({ directory }) => directory);
}

describe("pnpm-lock, the reader in Nix", () => {
  it.each(["apps/builder", "apps/cache-server"])("finds what %s runs with", async (app) => {
    const omit = await evaluate<string[]>(`import ${MEMBER_DIR}/package/tools.nix`);

    const read = await readLockWithNix(WORKSPACE, { roots: [app], omit });

    expect(withoutDirectories(read)).toEqual(findDependencies(readLock(WORKSPACE), { roots: [app], omit }));
    expect(Object.keys(read.packages)).not.toContainEqual(
      expect.stringMatching(/^(typescript|tsup|vitest)@/),
    );
  });

  it("finds all that the workspace has", async () => {
    const lock = readLock(WORKSPACE);
    const roots = Object.keys(lock.importers);

    const read = await readLockWithNix(WORKSPACE, { roots });

    expect(withoutDirectories(read)).toEqual(findDependencies(lock, { roots }));
    expect(Object.keys(read.packages).length).toBeGreaterThan(300);
  });

  it("takes every hash as a sha512 from the lockfile", async () => {
    const { packages } = await readLockWithNix(WORKSPACE, {
      roots: Object.keys(readLock(WORKSPACE).importers),
    });

    const hashes = Object.values(packages).map(({ hash }) => hash);

    expect(hashes.filter((hash) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(hash))).toEqual([]);
    expect(hashes.filter((hash) => !WORKSPACE.includes(`{integrity: ${hash}}`))).toEqual([]);
  });

  it("names the directories that pnpm made of this workspace", async () => {
    const installed = await readdir(`${ROOT}/node_modules/.pnpm`);

    const read = await readLockWithNix(WORKSPACE, { roots: ["apps/builder", "apps/cache-server"] });

    expect(installed).toEqual(expect.arrayContaining(listDirectories(read)));
  });

  it("names the directories that pnpm made for peers, long names and upper case", async () => {
    const read = await readLockWithNix(PEERS, { roots: ["apps/site"] });

    expect(listDirectories(read).toSorted()).toEqual(PEERS_DIRECTORIES.trimEnd().split("\n"));
  });

  it("reads past a document about pnpm itself", async () => {
    const read = await readLockWithNix(PEERS, { roots: ["apps/site"] });

    expect(PEERS).toMatch(/^---\n/);
    expect(withoutDirectories(read)).toEqual(findDependencies(readLock(PEERS), { roots: ["apps/site"] }));
  });

  it("takes of a linked member what it runs with, and not what it is written with", async () => {
    const text = PEERS.replace(
      "  packages/words:\n    dependencies:",
      "  packages/words:\n    devDependencies:",
    );

    const read = await readLockWithNix(text, { roots: ["apps/site"] });

    expect(read.members["packages/words"]).toEqual({ dependencies: {}, links: {} });
  });

  it("finds a package under another name", async () => {
    const { members } = await readLockWithNix(PEERS, { roots: ["apps/site"] });

    expect(members["apps/site"]?.dependencies["string-width-cjs"]).toBe("string-width@4.2.3");
  });

  it("leaves out an optional package for another system", async () => {
    const { members } = await readLockWithNix(PEERS, { roots: ["apps/site"] });

    expect(members["apps/site"]?.dependencies).not.toHaveProperty("fsevents");
  });

  it.each([
    ["os: [linux]", true],
    ["os: ['!win32']", true],
    ["os: linux", true],
    ["os: win32", false],
    ["os: ['!linux']", false],
    ["cpu: [arm64, x64]", true],
    ["cpu: [arm64]", false],
    ["libc: [musl]", false],
  ])("knows of %s whether it runs here", async (condition, expected) => {
    const text = PEERS.replace("os: [darwin]", condition);

    const { members } = await readLockWithNix(text, { roots: ["apps/site"] });

    expect("fsevents" in (members["apps/site"]?.dependencies ?? {})).toBe(expected);
  });

  it("takes a tarball's address where the lockfile has one", async () => {
    const url = "https://registry.example.org/slash-5.1.0.tgz";
    const text = PEERS.replace(/(slash@5\.1\.0:\n.*)\}/, `$1, tarball: ${url}}`);

    const { packages } = await readLockWithNix(text, { roots: ["apps/site"] });

    expect(packages["slash@5.1.0"]?.url).toBe(url);
  });
});
