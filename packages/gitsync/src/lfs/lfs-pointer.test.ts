import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GitSyncError } from "../errors.ts";
import { MAX_POINTER_BYTES, parseLfsPointer } from "./lfs-pointer.ts";
import type { LfsPointer } from "./lfs-pointer.ts";

const OID = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
const VERSION = "version https://git-lfs.github.com/spec/v1";
const POINTER = `${VERSION}\noid sha256:${OID}\nsize 6\n`;

function parse(text: string): LfsPointer | undefined {
  return parseLfsPointer(Buffer.from(text, "latin1"));
}

describe("parseLfsPointer", () => {
  it("reads what git-lfs writes", () => {
    expect(parse(POINTER)).toStrictEqual({ oid: OID, size: 6 });
  });

  it.each([
    ["no last newline", POINTER.trimEnd()],
    ["CRLF", POINTER.replaceAll("\n", "\r\n")],
    ["empty lines", POINTER.replaceAll("\n", "\n\n")],
    ["the version of Hawser", POINTER.replace("git-lfs.github.com", "hawser.github.com")],
    [
      "the version of git-media",
      POINTER.replace("https://git-lfs.github.com/spec/v1", "http://git-media.io/v/2"),
    ],
  ])("reads one with %s, as git-lfs does", (_name, text) => {
    expect(parse(text)).toStrictEqual({ oid: OID, size: 6 });
  });

  it.each([
    ["nothing", ""],
    ["another text", "hello\n"],
    ["another version", POINTER.replace("spec/v1", "spec/v2")],
    ["another order", `${VERSION}\nsize 6\noid sha256:${OID}\n`],
    ["no size", POINTER.replace("size 6\n", "")],
    ["a negative size", POINTER.replace("size 6", "size -6")],
    ["a size that no file has", POINTER.replace("size 6", "size 9999999999999999")],
    ["another hash", POINTER.replace("sha256", "sha512")],
    ["a short hash", POINTER.replace(OID, OID.slice(1))],
    ["upper case", POINTER.replace(OID, OID.toUpperCase())],
    ["something after it", `${POINTER}more\n`],
    ["too many bytes", POINTER + "\n".repeat(MAX_POINTER_BYTES)],
  ])("takes %s for a file as it is", (_name, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it("refuses one with extensions, which only other programs can undo", () => {
    const extended = POINTER.replace("oid", `ext-0-fold sha256:${OID}\noid`);

    expect(() => parse(extended)).toThrow(GitSyncError);
    expect(() => parse(extended)).toThrow(/ext-0-fold/);
  });

  it("reads any pointer, and no bytes but those", () => {
    const oids = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString("hex"));
    const sizes = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(oids, sizes, (oid, size) => {
        expect(parse(`${VERSION}\noid sha256:${oid}\nsize ${size}\n`)).toStrictEqual({ oid, size });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
        expect(parseLfsPointer(bytes)).toBeUndefined();
      }),
    );
  });
});
