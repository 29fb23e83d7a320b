import { lstat, mkdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { collectBytes, cut, utf8 } from "../../test/bytes.ts";
import { createTempDir } from "../../test/temp-dir.ts";
import { INVALID_VECTORS, VALID_VECTORS, readFixture } from "../../test/vectors.ts";
import { dumpPath } from "./dump.ts";
import { restorePath } from "./restore.ts";

const EXEC_MIX = readFixture("nar/valid/dir-exec-mix.nar");
const FILE = readFixture("nar/valid/file-7.nar");

describe("restorePath", () => {
  it.each(VALID_VECTORS)("restores $id to what dumps to the same bytes", async ({ file }) => {
    await using temp = await createTempDir();
    const nar = readFixture(file);

    await restorePath(cut(nar, 100), temp.at("tree"));

    expect(await collectBytes(dumpPath(temp.at("tree")))).toEqual(nar);
  });

  it.each(INVALID_VECTORS)("refuses $id and leaves nothing behind", async ({ file }) => {
    await using temp = await createTempDir();

    await expect(restorePath([readFixture(file)], temp.at("tree"))).rejects.toMatchObject({
      name: "NarError",
    });
    await expect(lstat(temp.at("tree"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("refuses bytes after the root and removes what it made", async () => {
    await using temp = await createTempDir();

    await expect(restorePath([EXEC_MIX, utf8("x")], temp.at("tree"))).rejects.toMatchObject({
      code: "ERR_NAR_TRAILING",
    });
    await expect(lstat(temp.at("tree"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([
    ["a file", (path: string) => writeFile(path, "kept")],
    ["a directory", (path: string) => mkdir(path)],
    ["a dangling symlink", (path: string) => symlink("nowhere", path)],
  ])("refuses a destination that is %s, and keeps it", async (_, make) => {
    await using temp = await createTempDir();
    await make(temp.at("tree"));
    const before = await lstat(temp.at("tree"));

    for (const nar of [EXEC_MIX, FILE, readFixture("nar/valid/symlink-rel.nar")]) {
      await expect(restorePath([nar], temp.at("tree"))).rejects.toMatchObject({ code: "ERR_NAR_EXISTS" });
    }

    expect(await lstat(temp.at("tree"))).toEqual(before);
  });

  it("says when the parent directory is missing", async () => {
    await using temp = await createTempDir();
    const path = temp.at("missing/tree");

    await expect(restorePath([FILE], path)).rejects.toMatchObject({ code: "ERR_NAR_NOT_FOUND", path });
  });

  it("names the file that could not be made", async () => {
    await using temp = await createTempDir();
    const path = temp.at(`${"d".repeat(255)}x`);

    await expect(restorePath([FILE], path)).rejects.toMatchObject({ code: "ERR_NAR_IO", path });
  });

  it("removes what it made when its source fails", async () => {
    await using temp = await createTempDir();
    const failure = new Error("connection reset");
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield EXEC_MIX.subarray(0, 600);
      throw failure;
    }

    await expect(restorePath(chunks(), temp.at("tree"))).rejects.toBe(failure);
    await expect(lstat(temp.at("tree"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("removes what it made when it is aborted", async () => {
    await using temp = await createTempDir();
    const abort = new AbortController();
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield EXEC_MIX.subarray(0, 600);
      abort.abort();
      yield EXEC_MIX.subarray(600);
    }
    const restored = restorePath(chunks(), temp.at("tree"), { signal: abort.signal });

    await expect(restored).rejects.toMatchObject({ name: "AbortError" });
    await expect(lstat(temp.at("tree"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("makes a symlink and leaves its target alone", async () => {
    await using temp = await createTempDir();

    await restorePath([readFixture("nar/valid/symlink-rel.nar")], temp.at("link"));

    expect(await readlink(temp.at("link"))).toBe("../deep");
  });

  it("restores a file's contents", async () => {
    await using temp = await createTempDir();

    await restorePath(cut(FILE, 1), temp.at("file"));

    expect(await readFile(temp.at("file"), "utf8")).toBe("1234567");
  });
});
