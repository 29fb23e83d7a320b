import { describe, expect, it } from "vitest";

import { collect, wire } from "../test/bytes.ts";
import { decodeNar } from "./decode.ts";

const ENTRY = ["nix-archive-1", "(", "type", "directory", "entry", "(", "name"] as const;
const EMPTY_FILE = ["node", "(", "type", "regular", "contents", "", ")", ")"] as const;

const HUGE = [
  2n ** 31n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  2n ** 63n,
  2n ** 64n - 8n,
  2n ** 64n - 1n,
];

/** A NAR of a directory with empty files of these names, in this order. */
function directoryOf(...names: readonly (string | Uint8Array)[]): Uint8Array {
  const entries = names.flatMap((name) => ["entry", "(", "name", name, ...EMPTY_FILE]);
  return wire("nix-archive-1", "(", "type", "directory", ...entries, ")");
}

describe("decodeNar, given hostile input", () => {
  it.each(HUGE)("refuses a tag of %d bytes at once", async (length) => {
    const nar = wire("nix-archive-1", length);

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ code: "ERR_NAR_TOO_LONG" });
  });

  it.each(HUGE)("refuses a name of %d bytes at once", async (length) => {
    const nar = wire(...ENTRY, length);

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ code: "ERR_NAR_TOO_LONG" });
  });

  it.each(HUGE)("refuses a target of %d bytes at once", async (length) => {
    const nar = wire("nix-archive-1", "(", "type", "symlink", "target", length);

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ code: "ERR_NAR_TOO_LONG" });
  });

  it.each(HUGE)("refuses an executable marker of %d bytes at once", async (length) => {
    const nar = wire("nix-archive-1", "(", "type", "regular", "executable", length);

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ code: "ERR_NAR_TOO_LONG" });
  });

  it.each(HUGE)("allocates nothing for contents that claim %d bytes", async (size) => {
    const nar = wire("nix-archive-1", "(", "type", "regular", "contents", size);
    const before = process.memoryUsage().arrayBuffers;

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ name: "NarError" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it.each(["..", ".", "", "/", "../x", "/etc/passwd", "a/b", "a\0b"])("refuses the name %j", async (name) => {
    await expect(collect(decodeNar([directoryOf(name)]))).rejects.toMatchObject({ code: "ERR_NAR_NAME" });
  });

  it.each([
    ["a name twice", ["a", "a"]],
    ["descending names", ["b", "a"]],
    ["a prefix after its extension", ["ab", "a"]],
    ["UTF-16 order", ["\u{1f600}", "\uffff"]],
    ["the order of signed bytes", [Uint8Array.of(0xff), "a"]],
  ])("refuses %s", async (_, names) => {
    await expect(collect(decodeNar([directoryOf(...names)]))).rejects.toMatchObject({
      code: "ERR_NAR_ORDER",
    });
  });

  it("refuses 64 nested directories before it reads what is in them", async () => {
    const levels = Array.from({ length: 64 }, () => [
      "(",
      "type",
      "directory",
      "entry",
      "(",
      "name",
      "d",
      "node",
    ]);
    const nar = wire("nix-archive-1", ...levels.flat());

    await expect(collect(decodeNar([nar]))).rejects.toMatchObject({ code: "ERR_NAR_DEPTH" });
  });

  it("refuses an endless nest of directories early", async () => {
    let pulled = 0;
    function* chunks(): Generator<Uint8Array> {
      yield wire("nix-archive-1");
      for (;;) {
        pulled++;
        yield wire("(", "type", "directory", "entry", "(", "name", "d", "node");
      }
    }

    await expect(collect(decodeNar(chunks()))).rejects.toMatchObject({ code: "ERR_NAR_DEPTH" });
    expect(pulled).toBe(64);
  });
});
