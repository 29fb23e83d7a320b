import { describe, expect, it } from "vitest";

import { collect, collectBytes, utf8, wire } from "../test/bytes.ts";
import { readFixture } from "../test/vectors.ts";
import { encodeNar } from "./encode.ts";
import type { NarEvent } from "./event.ts";

const DIRECTORY: NarEvent = { type: "directory" };
const END: NarEvent = { type: "end" };
const EMPTY_FILE: NarEvent = { type: "regular", executable: false, size: 0 };

const entry = (name: string): NarEvent => ({ type: "entry", name: utf8(name) });
const file = (size: number): NarEvent => ({ type: "regular", executable: false, size });
const contents = (text: string): NarEvent => ({ type: "contents", chunk: utf8(text) });
const nested = (depth: number): NarEvent[] =>
  Array.from({ length: depth }, () => [DIRECTORY, entry("d")]).flat();

describe("encodeNar", () => {
  it("writes what nix-store writes", async () => {
    const nar = await collectBytes(encodeNar([file(7), contents("123"), contents("4567")]));

    expect(nar).toEqual(readFixture("nar/valid/file-7.nar"));
  });

  it("takes events from an asynchronous source", async () => {
    async function* events(): AsyncGenerator<NarEvent> {
      yield DIRECTORY;
      yield END;
    }

    expect(await collectBytes(encodeNar(events()))).toEqual(readFixture("nar/valid/dir-empty.nar"));
  });

  it("takes names in unsigned byte order, which UTF-16 order is not", async () => {
    const events = [DIRECTORY, entry("\uffff"), EMPTY_FILE, entry("\u{1f600}"), EMPTY_FILE, END];

    await expect(collect(encodeNar(events))).resolves.toHaveLength(1);
  });

  it("writes sizes above 4 GiB", async () => {
    const nar = encodeNar([file(2 ** 32 + 5), { type: "contents", chunk: new Uint8Array(2 ** 16) }]);
    const first = await nar.next();
    await nar.return();

    expect(first.value).toEqual(
      wire("nix-archive-1", "(", "type", "regular", "contents", BigInt(2 ** 32 + 5)),
    );
  });

  it("gathers small fields into few chunks", async () => {
    const events = Array.from({ length: 100 }, (_, i) => [entry(`f${1000 + i}`), file(4), contents("data")]);

    expect(await collect(encodeNar([DIRECTORY, ...events.flat(), END]))).toHaveLength(1);
  });

  it("hands out chunks that share no memory", async () => {
    const large = new Uint8Array(40_000);
    const events = Array.from({ length: 5 }, (_, i): NarEvent[] => [
      entry(`f${i}`),
      file(40_010),
      contents("0123456789"),
      { type: "contents", chunk: large.slice() },
    ]);
    const chunks = await collect(encodeNar([DIRECTORY, ...events.flat(), END]));

    expect(new Set(chunks.map((chunk) => chunk.buffer)).size).toBe(chunks.length);
  });

  it("closes its source when the consumer stops early", async () => {
    let isClosed = false;
    function* events(): Generator<NarEvent> {
      try {
        yield file(200_000);
        for (;;) yield { type: "contents", chunk: new Uint8Array(100_000) };
      } finally {
        isClosed = true;
      }
    }
    const nar = encodeNar(events());
    await nar.next();
    await nar.return();

    expect(isClosed).toBe(true);
  });

  it.each<[string, string, NarEvent[]]>([
    ["no event", "ERR_NAR_EVENT", []],
    ["a second root", "ERR_NAR_EVENT", [EMPTY_FILE, EMPTY_FILE]],
    ["an entry outside a directory", "ERR_NAR_EVENT", [entry("a")]],
    ["an end without a directory", "ERR_NAR_EVENT", [END]],
    ["a directory without an end", "ERR_NAR_EVENT", [DIRECTORY]],
    ["a node without an entry", "ERR_NAR_EVENT", [DIRECTORY, EMPTY_FILE]],
    ["an entry without a node", "ERR_NAR_EVENT", [DIRECTORY, entry("a"), END]],
    ["contents outside a file", "ERR_NAR_EVENT", [DIRECTORY, contents("a")]],
    ["contents after a symlink", "ERR_NAR_EVENT", [{ type: "symlink", target: utf8("a") }, contents("a")]],
    ["too few contents", "ERR_NAR_CONTENTS", [file(2), contents("a")]],
    ["too few contents before an entry", "ERR_NAR_CONTENTS", [DIRECTORY, entry("a"), file(1), entry("b")]],
    ["too many contents", "ERR_NAR_CONTENTS", [file(2), contents("abc")]],
    ["contents of an empty file", "ERR_NAR_CONTENTS", [EMPTY_FILE, contents("a")]],
    ["a negative size", "ERR_NAR_SIZE", [file(-1)]],
    ["a fractional size", "ERR_NAR_SIZE", [file(0.5)]],
    ["a size of NaN", "ERR_NAR_SIZE", [file(Number.NaN)]],
    ["a size above 2^53 - 1", "ERR_NAR_SIZE", [file(2 ** 53)]],
    ["an empty name", "ERR_NAR_NAME", [DIRECTORY, entry("")]],
    ["the name .", "ERR_NAR_NAME", [DIRECTORY, entry(".")]],
    ["the name ..", "ERR_NAR_NAME", [DIRECTORY, entry("..")]],
    ["a name with a slash", "ERR_NAR_NAME", [DIRECTORY, entry("a/b")]],
    ["a name with a NUL", "ERR_NAR_NAME", [DIRECTORY, entry("a\0")]],
    ["a name of 256 bytes", "ERR_NAR_TOO_LONG", [DIRECTORY, entry("n".repeat(256))]],
    ["a name twice", "ERR_NAR_ORDER", [DIRECTORY, entry("a"), EMPTY_FILE, entry("a")]],
    ["names in descending order", "ERR_NAR_ORDER", [DIRECTORY, entry("ab"), EMPTY_FILE, entry("a")]],
    ["an empty target", "ERR_NAR_TARGET", [{ type: "symlink", target: utf8("") }]],
    ["a target with a NUL", "ERR_NAR_TARGET", [{ type: "symlink", target: utf8("a\0b") }]],
    [
      "a target of 4096 bytes",
      "ERR_NAR_TOO_LONG",
      [{ type: "symlink", target: new Uint8Array(4096).fill(65) }],
    ],
    ["a file below 64 directories", "ERR_NAR_DEPTH", [...nested(64), EMPTY_FILE]],
    ["a directory below 64 directories", "ERR_NAR_DEPTH", [...nested(64), DIRECTORY]],
  ])("refuses %s with %s", async (_, code, events) => {
    await expect(collect(encodeNar(events))).rejects.toMatchObject({ name: "NarError", code });
  });

  it("refuses an event of an unknown type", async () => {
    const events: NarEvent[] = JSON.parse('[{"type":"fifo"}]');

    await expect(collect(encodeNar(events))).rejects.toMatchObject({ code: "ERR_NAR_EVENT" });
  });

  it("throws a TypeError for a name that is not bytes", async () => {
    const events: NarEvent[] = JSON.parse('[{"type":"directory"},{"type":"entry","name":"a"}]');

    await expect(collect(encodeNar(events))).rejects.toThrow(
      new TypeError("the name of an entry event must be a Uint8Array, got string"),
    );
  });
});
