import { readFile } from "node:fs/promises";

import { beforeAll, describe, expect, it } from "vitest";

import { listPublished, type Manifest } from "./support/members.ts";
import { packPackage, readPacked, type Tarball } from "./support/pack.ts";
import { ROOT } from "./support/places.ts";
import { makeTempDir } from "./support/temp-dir.ts";

/** What a package's tarball may weigh, in kB: what it does, and room to grow by a third. */
const LIMITS_KB: Readonly<Record<string, number>> = {
  "apps/builder": 700,
  "apps/cache-server": 550,
  "packages/closure-diff": 56,
  "packages/config": 40,
  "packages/gitsync": 330,
  "packages/history": 90,
  "packages/nar": 70,
  "packages/narinfo": 55,
  "packages/nix-exec": 190,
  "packages/retention": 37,
  "packages/store-db": 28,
};

/** In every package. */
const ALWAYS = ["LICENSE", "README.md", "package.json"];

/** In packages of each kind, besides. */
const LIBRARY_ALWAYS = ["dist/index.js", "dist/index.d.ts", "src/index.ts"];
const APP_ALWAYS = ["THIRD-PARTY-LICENSES", "dist/main.js"];

const LIBRARY_FILES = /^dist\/[\w/-]+\.(js|js\.map|d\.ts)$|^src\/[\w/-]+\.ts$/;

const APP_FILES = /^dist\/[\w-]+\.js$|^man\/nix-cache-\w+\.8$|^THIRD-PARTY-LICENSES$/;

const PACKAGES = await listPublished();

const LICENSE = await readFile(`${ROOT}/LICENSE`, "utf8");

describe.each(PACKAGES)("$manifest.name as it is published", ({ directory, manifest }) => {
  let tarball: Tarball;
  let packed: Manifest;

  beforeAll(async () => {
    const { path, remove } = await makeTempDir("pack");
    tarball = await packPackage(directory, path);
    packed = JSON.parse(await readPacked(tarball, "package.json"));
    return remove;
  });

  it("holds what it is for, and no tests, fixtures or settings", () => {
    const files = [...tarball.modes.keys()];
    const isApp = directory.startsWith("apps/");
    const needed = [...ALWAYS, ...(isApp ? APP_ALWAYS : LIBRARY_ALWAYS)];
    const shape = isApp ? APP_FILES : LIBRARY_FILES;

    expect(files).toEqual(expect.arrayContaining(needed));
    expect(files.filter((file) => !ALWAYS.includes(file) && !shape.test(file))).toEqual([]);
    expect(files.filter((file) => /\.(test|bench|test-d)\.|fixture/.test(file))).toEqual([]);
  });

  it("has every file that its package.json names", () => {
    const exported = Object.values(packed.exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    const named = [...exported, ...Object.values(packed.bin ?? {}), packed.man ?? "./README.md"];

    expect(named.filter((file) => !tarball.modes.has(file.replace("./", "")))).toEqual([]);
  });

  it("lets its commands be run", () => {
    const modes = Object.values(packed.bin ?? {}).map((file) => tarball.modes.get(file.replace("./", "")));

    expect(modes.filter((mode) => mode !== "-rwxr-xr-x")).toEqual([]);
  });

  it("stays within its size", () => {
    expect(tarball.size / 1000).toBeLessThan(LIMITS_KB[directory] ?? 0);
  });

  it("depends on versions that the registry knows", () => {
    const ranges = Object.values({ ...packed.dependencies, ...packed.devDependencies });

    expect(ranges.filter((range) => !/^\^?\d+\.\d+\.\d+$/.test(range))).toEqual([]);
    expect(Object.keys(packed.dependencies ?? {})).toEqual(Object.keys(manifest.dependencies ?? {}));
  });

  it("says whose it is, where it is from and what it needs", async () => {
    expect(packed).toMatchObject({
      license: "MIT",
      repository: { url: "git+https://github.com/nix-cache/nix-cache-builder.git", directory },
      publishConfig: { access: "public", provenance: true },
      engines: { node: ">=24.11" },
    });
    expect(await readPacked(tarball, "LICENSE")).toBe(LICENSE);
  });

  it("runs nothing when it is installed", async () => {
    expect(await readPacked(tarball, "package.json")).not.toMatch(/"(pre|post)?(install|prepare)"/);
  });
});
