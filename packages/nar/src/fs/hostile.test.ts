import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { collect, collectBytes, cut, utf8, wire } from "../../test/bytes.ts";
import { createTempDir } from "../../test/temp-dir.ts";
import { encodeNar } from "../encode.ts";
import type { NarEvent } from "../event.ts";
import { dumpPath } from "./dump.ts";
import { restorePath } from "./restore.ts";

const entry = (name: string): NarEvent => ({ type: "entry", name: utf8(name) });

const NESTED_FILE: readonly NarEvent[] = [
  { type: "directory" },
  entry("a"),
  { type: "directory" },
  entry("file"),
  { type: "regular", executable: false, size: 5 },
  { type: "contents", chunk: utf8("pwned") },
  { type: "end" },
  { type: "end" },
];

/** Cuts a NAR before its second entry, so that a test can act between the two halves. */
async function halvesOf(events: readonly NarEvent[]): Promise<[Uint8Array, Uint8Array]> {
  const nar = await collectBytes(encodeNar(events));
  const at = Buffer.from(nar).lastIndexOf("entry") - 8;
  return [nar.slice(0, at), nar.slice(at)];
}

describe("restorePath, given hostile input", () => {
  it.each(["../escape", "..", "/tmp/escape", "a/../../escape"])(
    "makes nothing of the name %j",
    async (name) => {
      await using temp = await createTempDir();
      await mkdir(temp.at("inside"));
      const file = ["node", "(", "type", "regular", "contents", "", ")", ")"];
      const nar = wire("nix-archive-1", "(", "type", "directory", "entry", "(", "name", name, ...file, ")");

      await expect(restorePath([nar], temp.at("inside/tree"))).rejects.toMatchObject({
        code: "ERR_NAR_NAME",
      });
      expect(await readdir(temp.at(""), { recursive: true })).toEqual(["inside"]);
    },
  );

  it("does not write through a symlink of the same NAR", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("outside"));
    const link = [
      "entry",
      "(",
      "name",
      "a",
      "node",
      "(",
      "type",
      "symlink",
      "target",
      temp.at("outside"),
      ")",
      ")",
    ];
    const file = ["entry", "(", "name", "file", "node", "(", "type", "regular", "contents", "", ")", ")"];
    const directory = ["entry", "(", "name", "a", "node", "(", "type", "directory", ...file, ")", ")"];
    const nar = wire("nix-archive-1", "(", "type", "directory", ...link, ...directory, ")");

    await expect(restorePath([nar], temp.at("tree"))).rejects.toMatchObject({ code: "ERR_NAR_ORDER" });
    expect(await readdir(temp.at(""), { recursive: true })).toEqual(["outside"]);
  });

  it("does not write through a symlink that replaces a directory meanwhile", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("outside"));
    const [first, second] = await halvesOf(NESTED_FILE);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield first;
      await rename(temp.at("tree/a"), temp.at("moved"));
      await symlink(temp.at("outside"), temp.at("tree/a"));
      yield second;
    }

    await restorePath(chunks(), temp.at("tree"));

    expect(await readdir(temp.at("outside"))).toEqual([]);
    expect(await readdir(temp.at("moved"))).toEqual(["file"]);
  });

  it("does not clean up through a symlink that replaces a directory meanwhile", async () => {
    await using temp = await createTempDir();
    await mkdir(temp.at("outside"));
    await writeFile(temp.at("outside/precious"), "");
    const [first] = await halvesOf(NESTED_FILE);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield first;
      await rm(temp.at("tree"), { recursive: true });
      await symlink(temp.at("outside"), temp.at("tree"));
    }

    await expect(restorePath(chunks(), temp.at("tree"))).rejects.toMatchObject({ code: "ERR_NAR_TRUNCATED" });
    expect(await readdir(temp.at("outside"))).toEqual(["precious"]);
  });

  it("does not write to a file that appears meanwhile", async () => {
    await using temp = await createTempDir();
    const [first, second] = await halvesOf(NESTED_FILE);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield first;
      await symlink(temp.at("outside"), temp.at("tree/a/file"));
      yield second;
    }

    await expect(restorePath(chunks(), temp.at("tree"))).rejects.toMatchObject({
      code: "ERR_NAR_EXISTS",
      path: temp.at("tree/a/file"),
    });
    await expect(lstat(temp.at("outside"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("refuses a file that claims more bytes than follow, and removes it", async () => {
    await using temp = await createTempDir();
    const nar = wire("nix-archive-1", "(", "type", "regular", "contents", 2n ** 53n - 1n, "some");

    await expect(restorePath(cut(nar, 8), temp.at("tree"))).rejects.toMatchObject({
      code: "ERR_NAR_TRUNCATED",
    });
    expect(await readdir(temp.at(""))).toEqual([]);
  });
});

describe("dumpPath, while the tree is changed", () => {
  it("does not read through a symlink that replaces a file", async () => {
    await using temp = await createTempDir();
    await writeFile(temp.at("secret"), "secret");
    await mkdir(temp.at("tree"));
    for (let i = 0; i < 100; i++) await writeFile(temp.at(`tree/f${100 + i}`), Buffer.alloc(100_000));
    const nar = dumpPath(temp.at("tree"));
    await nar.next();
    await rm(temp.at("tree/f199"));
    await symlink(temp.at("secret"), temp.at("tree/f199"));

    await expect(collect(nar)).rejects.toMatchObject({
      code: "ERR_NAR_FILE_CHANGED",
      path: temp.at("tree/f199"),
    });
  });
});
