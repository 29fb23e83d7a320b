import { describe, expect, it } from "vitest";

import { collectBytes, cut, utf8 } from "../test/bytes.ts";
import { INVALID_VECTORS, LISTING_VECTORS, readFixture } from "../test/vectors.ts";
import { encodeNar } from "./encode.ts";
import type { NarEvent } from "./event.ts";
import { listNar } from "./listing.ts";

/** A directory with one empty file. */
function directoryWith(name: Uint8Array): NarEvent[] {
  return [
    { type: "directory" },
    { type: "entry", name },
    { type: "regular", executable: false, size: 0 },
    { type: "end" },
  ];
}

describe("listNar", () => {
  it.each(LISTING_VECTORS.filter(({ all }) => all !== undefined))("lists $id", async ({ nar, all }) => {
    const listing = await listNar([readFixture(nar)]);

    expect(JSON.parse(JSON.stringify(listing))).toEqual({ version: 1, root: all });
  });

  it.each(LISTING_VECTORS.filter(({ all }) => all === undefined))("refuses $id", async ({ nar }) => {
    await expect(listNar([readFixture(nar)])).rejects.toMatchObject({ code: "ERR_NAR_NOT_UTF8" });
  });

  it.each(INVALID_VECTORS)("refuses $id", async ({ file }) => {
    await expect(listNar([readFixture(file)])).rejects.toMatchObject({ name: "NarError" });
  });

  it("refuses bytes after the root that come in a later chunk", async () => {
    const nar = readFixture("nar/valid/file-7.nar");

    await expect(listNar([nar, new Uint8Array(), utf8("x")])).rejects.toMatchObject({
      code: "ERR_NAR_TRAILING",
      offset: 120,
    });
  });

  it("gives the same listing in chunks of any size", async () => {
    const nar = readFixture("nar/valid/dir-harmonia-example.nar");

    expect(await listNar(cut(nar, 3))).toEqual(await listNar([nar]));
  });

  it("lists a file named __proto__", async () => {
    const { root } = await listNar(encodeNar(directoryWith(utf8("__proto__"))));

    expect(JSON.stringify(root)).toBe(
      '{"type":"directory","entries":{"__proto__":{"type":"regular","size":0,"narOffset":240}}}',
    );
  });

  it("keeps a byte order mark in a name", async () => {
    const { root } = await listNar(encodeNar(directoryWith(utf8("\ufeffa"))));

    expect(root).toHaveProperty("entries.\ufeffa");
  });

  it("refuses a name that is not UTF-8", async () => {
    const nar = await collectBytes(encodeNar(directoryWith(Uint8Array.of(0xc0, 0xaf))));

    await expect(listNar([nar])).rejects.toMatchObject({ name: "NarError", code: "ERR_NAR_NOT_UTF8" });
  });
});
