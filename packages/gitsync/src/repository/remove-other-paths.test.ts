import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { listBelow, makeTempDir, writeFiles } from "../../test/repository.ts";
import { removeOtherPaths } from "./remove-other-paths.ts";

describe("removeOtherPaths", () => {
  it("keeps paths with what is above and below them", async () => {
    const root = makeTempDir();
    writeFiles(root, { "a/b/kept/file": "1", "a/b/other": "2", "a/c": "3", d: "4", "a/e/kept": "5" });

    await removeOtherPaths(root, ["a/b/kept", "a/e/kept"]);

    expect(listBelow(root).toSorted()).toStrictEqual(
      ["a", "a/b", "a/b/kept", "a/b/kept/file", "a/e", "a/e/kept"].map((path) => join(root, path)),
    );
  });

  it("removes the directory where nothing is to be kept, if it is there", async () => {
    const root = join(makeTempDir(), "root");
    writeFiles(root, { "a/b": "1" });

    await removeOtherPaths(root, []);
    await removeOtherPaths(root, []);

    expect(existsSync(root)).toBe(false);
  });

  it("follows no symlink", async () => {
    const [root, elsewhere] = [makeTempDir(), makeTempDir()];
    writeFiles(elsewhere, { precious: "mine" });
    symlinkSync(elsewhere, join(root, "a"));

    await removeOtherPaths(root, ["a/b"]);

    expect(readdirSync(root)).toStrictEqual([]);
    expect(readdirSync(elsewhere)).toStrictEqual(["precious"]);
  });
});
