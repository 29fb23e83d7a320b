import { createReadStream } from "node:fs";

import { describe, expect, it } from "vitest";

import { joinContents } from "../test/arbitrary-events.ts";
import { collect, cut, utf8, wire } from "../test/bytes.ts";
import { INVALID_VECTORS, VALID_VECTORS, readFixture } from "../test/vectors.ts";
import { decodeNar } from "./decode.ts";
import type { NarEvent } from "./event.ts";

const EXEC_MIX: readonly NarEvent[] = [
  { type: "directory" },
  { type: "entry", name: utf8("bin") },
  { type: "directory" },
  { type: "entry", name: utf8("a") },
  { type: "regular", executable: true, size: 1 },
  { type: "contents", chunk: utf8("A") },
  { type: "entry", name: utf8("b") },
  { type: "regular", executable: true, size: 1 },
  { type: "contents", chunk: utf8("B") },
  { type: "end" },
];

describe("decodeNar", () => {
  it("gives events in the order of the bytes", async () => {
    const events = await collect(decodeNar([readFixture("nar/valid/dir-exec-mix.nar")]));

    expect(events.slice(0, EXEC_MIX.length)).toEqual(EXEC_MIX);
  });

  it.each(VALID_VECTORS)("accepts $id", async ({ file }) => {
    await expect(collect(decodeNar([readFixture(file)]))).resolves.not.toHaveLength(0);
  });

  it.each(VALID_VECTORS)("gives the same events for $id in chunks of one byte", async ({ file }) => {
    const nar = readFixture(file);

    expect(joinContents(await collect(decodeNar(cut(nar, 1))))).toEqual(
      joinContents(await collect(decodeNar([nar]))),
    );
  });

  it.each(INVALID_VECTORS.filter(({ required }) => required === "reject"))(
    "refuses $id",
    async ({ file }) => {
      await expect(collect(decodeNar([readFixture(file)]))).rejects.toMatchObject({ name: "NarError" });
    },
  );

  it.each(INVALID_VECTORS.filter(({ required }) => required !== "reject"))(
    "stops after the root of $id",
    async ({ file }) => {
      await expect(collect(decodeNar([readFixture(file)]))).resolves.not.toHaveLength(0);
    },
  );

  it("reads a file stream", async () => {
    const stream = createReadStream(new URL("../test/fixtures/nar/valid/file-7.nar", import.meta.url));

    expect(await collect(decodeNar(stream))).toMatchObject([
      { type: "regular", executable: false, size: 7 },
      { type: "contents" },
    ]);
  });

  it("skips empty chunks", async () => {
    const nar = readFixture("nar/valid/file-7.nar");

    expect(await collect(decodeNar([new Uint8Array(), nar, new Uint8Array()]))).toHaveLength(2);
  });

  it("asks for nothing after the root, and closes its source", async () => {
    const asked: string[] = [];
    function* chunks(): Generator<Uint8Array> {
      try {
        yield readFixture("nar/valid/dir-empty.nar");
        asked.push("more");
      } finally {
        asked.push("close");
      }
    }

    await collect(decodeNar(chunks()));

    expect(asked).toEqual(["close"]);
  });

  it("closes its source when the consumer stops early", async () => {
    let isClosed = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        yield* cut(readFixture("nar/valid/dir-exec-mix.nar"), 8);
      } finally {
        isClosed = true;
      }
    }
    const events = decodeNar(chunks());
    await events.next();
    await events.return();

    expect(isClosed).toBe(true);
  });

  it("hands on the error of its source", async () => {
    const failure = new Error("connection reset");
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield readFixture("nar/valid/dir-exec-mix.nar").subarray(0, 100);
      throw failure;
    }

    await expect(collect(decodeNar(chunks()))).rejects.toBe(failure);
  });

  it("gives names that outlive the chunk they came in", async () => {
    const nar = readFixture("nar/valid/dir-exec-mix.nar");
    const events = decodeNar([nar]);
    await events.next();
    const entry = await events.next();
    nar.fill(0);

    expect(entry.value).toEqual({ type: "entry", name: utf8("bin") });
  });

  it.each([
    ["ERR_NAR_TRUNCATED", 0, new Uint8Array()],
    ["ERR_NAR_MAGIC", 0, wire("nix-archive-2", "(")],
    ["ERR_NAR_TAG", 24, wire("nix-archive-1", "[")],
    ["ERR_NAR_TYPE", 56, wire("nix-archive-1", "(", "type", "fifo")],
    ["ERR_NAR_TOO_LONG", 24, wire("nix-archive-1", "(".repeat(33))],
    ["ERR_NAR_SIZE", 88, wire("nix-archive-1", "(", "type", "regular", "contents", 2n ** 53n)],
    ["ERR_NAR_TRUNCATED", 96, wire("nix-archive-1", "(", "type", "regular", "contents", 2n ** 53n - 1n)],
  ])("throws %s with the offset %d", async (code, offset, nar) => {
    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ name: "NarError", code, offset });
  });

  it("says which padding byte it found", async () => {
    const nar = wire("nix-archive-1", "(");
    nar[39] = 1;

    await expect(collect(decodeNar([nar]))).rejects.toThrow("expected 7 zero bytes at 33, got 0x01");
  });

  it("throws a TypeError for a chunk that is not bytes", async () => {
    const chunks: Uint8Array[] = JSON.parse('["nix-archive-1"]');

    await expect(collect(decodeNar(chunks))).rejects.toThrow(
      new TypeError("a chunk of the NAR must be a Uint8Array, got string"),
    );
  });
});
