import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, symlink, truncate, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { collect, collectBytes } from "../../test/bytes.ts";
import { makeTree } from "../../test/make-tree.ts";
import { openFilesBelow } from "../../test/open-files.ts";
import { createTempDir } from "../../test/temp-dir.ts";
import { VALID_VECTORS, readFixture } from "../../test/vectors.ts";
import { dumpPath } from "./dump.ts";

const LARGE = 3 * 1024 * 1024;

describe("dumpPath", () => {
  it.each(VALID_VECTORS)("writes $id as nix-store does", async ({ file, sha256, tree }) => {
    await using temp = await createTempDir();
    await makeTree(Buffer.from(temp.at("tree")), tree);

    const nar = await collectBytes(dumpPath(temp.at("tree")));

    expect(nar).toEqual(readFixture(file));
    expect(createHash("sha256").update(nar).digest("hex")).toBe(sha256);
  });

  // The owner may read in each: whoever is not root could not dump the file otherwise.
  it.each([
    ["0655", false],
    ["0500", true],
    ["0411", false],
    ["4744", true],
  ])("takes mode %s as executable: %s", async (mode, executable) => {
    await using temp = await createTempDir();
    const tree = { type: "regular", mode, executable, contents: "" } as const;
    await makeTree(Buffer.from(temp.at("file")), tree);

    expect(await collectBytes(dumpPath(temp.at("file")))).toHaveLength(executable ? 144 : 112);
  });

  it("does not follow a symlink, with a trailing slash neither", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("directory"));
    await symlink("directory", temp.at("link"));

    const nar = await collectBytes(dumpPath(`${temp.at("link")}//`));

    expect(nar).toEqual(await collectBytes(dumpPath(temp.at("link"))));
    expect(Buffer.from(nar).includes("symlink")).toBe(true);
  });

  it("writes hard links as separate files", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("tree"));
    await writeFile(temp.at("tree/a"), "same");
    execFileSync("ln", [temp.at("tree/a"), temp.at("tree/b")]);

    const nar = Buffer.from(await collectBytes(dumpPath(temp.at("tree"))));

    expect(nar.toString("latin1").split("same")).toHaveLength(3);
  });

  it("hands out chunks that share no memory and are not reused", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("tree"));
    await writeFile(temp.at("tree/large"), Buffer.alloc(LARGE, "large"));
    for (const name of ["s1", "s2", "s3"])
      await writeFile(temp.at(`tree/${name}`), Buffer.alloc(50_000, name));

    const chunks = await collect(dumpPath(temp.at("tree")));

    expect(new Set(chunks.map((chunk) => chunk.buffer)).size).toBe(chunks.length);
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat(await collect(dumpPath(temp.at("tree")))));
  });

  it("closes its files when the consumer stops early", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("tree"));
    for (const name of ["a", "b", "c"]) await writeFile(temp.at(`tree/${name}`), Buffer.alloc(LARGE));

    const nar = dumpPath(temp.at("tree"));
    await nar.next();
    await nar.next();
    await nar.return();

    expect(openFilesBelow(temp.at(""))).toEqual([]);
  });

  it("closes its files when it fails", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("tree"));
    for (const name of ["a", "b", "c"]) await writeFile(temp.at(`tree/${name}`), Buffer.alloc(LARGE));
    execFileSync("mkfifo", [temp.at("tree/d")]);

    await expect(collect(dumpPath(temp.at("tree")))).rejects.toMatchObject({ code: "ERR_NAR_FILE_TYPE" });
    expect(openFilesBelow(temp.at(""))).toEqual([]);
  });

  it("reads nothing before the first chunk is asked for", async () => {
    await using temp = await createTempDir();

    await dumpPath(temp.at("missing")).return();

    expect(await readdir(temp.at(""))).toEqual([]);
  });

  it("says which path does not exist", async () => {
    await using temp = await createTempDir();
    const path = temp.at("missing");

    await expect(collect(dumpPath(path))).rejects.toMatchObject({ code: "ERR_NAR_NOT_FOUND", path });
  });

  it.each([
    ["as the root", "tree"],
    ["in a directory", "."],
  ])("refuses a pipe %s", async (_, path) => {
    await using temp = await createTempDir();
    execFileSync("mkfifo", [temp.at("tree")]);

    await expect(collect(dumpPath(temp.at(path)))).rejects.toMatchObject({ code: "ERR_NAR_FILE_TYPE" });
  });

  it("dumps 63 nested directories and refuses 64", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at(`64${"/d".repeat(64)}`), { recursive: true });

    await expect(collect(dumpPath(temp.at("64/d")))).resolves.toHaveLength(1);
    await expect(collect(dumpPath(temp.at("64")))).rejects.toMatchObject({ code: "ERR_NAR_DEPTH" });
  });

  it.each([
    ["grows", (path: string) => appendFile(path, "more")],
    ["shrinks", (path: string) => truncate(path, LARGE - 1)],
    ["is emptied", (path: string) => truncate(path, 0)],
  ])("refuses a file that %s while it is read", async (_, change) => {
    await using temp = await createTempDir();
    await writeFile(temp.at("file"), Buffer.alloc(LARGE));
    const nar = dumpPath(temp.at("file"));
    await nar.next();
    await change(temp.at("file"));

    await expect(collect(nar)).rejects.toMatchObject({
      name: "NarError",
      code: "ERR_NAR_FILE_CHANGED",
      path: temp.at("file"),
    });
  });
});
