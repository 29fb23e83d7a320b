import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { addPack, createBare, createHistory, indexPack, listObjects } from "../../test/packs.ts";
import { GitSyncError } from "../errors.ts";
import { decodePackIndex, encodePackIndex, findObject } from "./pack-index.ts";
import type { PackIndex } from "./pack-index.ts";

let root = "";
let packPath = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gitsync-pack-index-"));
  createHistory(join(root, "history"), 8);
  const gitDir = createBare(join(root, "bare"));
  const oids = listObjects(join(root, "history"));
  const name = addPack(join(root, "history"), gitDir, { oids, hasOffsetDeltas: true });
  packPath = join(gitDir, "objects/pack", name);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An index as the real git writes it; offsets from the limit on stand in the table of 8-byte offsets. */
function readIndex(limit: number): Buffer {
  const target = join(root, `limit-${limit}.idx`);
  indexPack(packPath, target, `2,${limit}`);
  return readFileSync(target);
}

/** Changes bytes of an index and makes its trailer right for them. */
function forgeIndex(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(readIndex(64));
  change(bytes);
  createHash("sha1")
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  return bytes;
}

const entries = fc.uniqueArray(
  fc.record({
    oid: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    crc: fc.nat(2 ** 32 - 1),
    offset: fc.oneof(
      fc.nat(2 ** 31 - 1),
      fc.integer({ min: 2 ** 31 - 2, max: 2 ** 31 + 2 }),
      fc.maxSafeNat(),
    ),
  }),
  { selector: ({ oid }) => Buffer.from(oid).toString("hex") },
);

const indexes: fc.Arbitrary<PackIndex> = fc
  .tuple(entries, fc.uint8Array({ minLength: 20, maxLength: 20 }))
  .map(([unsorted, packSha]) => {
    const sorted = unsorted.toSorted((a, b) => Buffer.compare(a.oid, b.oid));
    return {
      oids: Buffer.concat(sorted.map(({ oid }) => oid)),
      crcs: Uint32Array.from(sorted, ({ crc }) => crc),
      offsets: Float64Array.from(sorted, ({ offset }) => offset),
      packSha: Buffer.from(packSha),
    };
  });

describe("encodePackIndex", () => {
  it("is undone by decodePackIndex, offsets beyond 2 GiB included", () => {
    fc.assert(
      fc.property(indexes, (index) => {
        expect(decodePackIndex(encodePackIndex(index))).toStrictEqual(index);
      }),
    );
  });

  it("writes what the real git wrote, to the byte", () => {
    const bytes = readIndex(2 ** 31 - 1);

    expect(encodePackIndex(decodePackIndex(bytes))).toStrictEqual(bytes);
  });

  it("writes 8-byte offsets in the order of the names, as the real git does", () => {
    const bytes = readIndex(64);
    const index = decodePackIndex(bytes);
    const far = { ...index, offsets: index.offsets.map((offset) => offset + (offset > 64 ? 2 ** 32 : 0)) };

    const encoded = Buffer.from(encodePackIndex(far));

    const tables = 8 + 1024 + index.crcs.length * 24;
    const large = tables + index.crcs.length * 4;
    expect(encoded.subarray(tables, large)).toStrictEqual(bytes.subarray(tables, large));
    expect(encoded).toHaveLength(bytes.length);
  });
});

describe("decodePackIndex", () => {
  it("reads the real git's 8-byte offsets", () => {
    expect(decodePackIndex(readIndex(64))).toStrictEqual(decodePackIndex(readIndex(2 ** 31 - 1)));
  });

  it("refuses an index that was cut, or in which a bit is wrong", () => {
    const bytes = readIndex(64);
    const place = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(place, fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);

        expect(() => decodePackIndex(flipped)).toThrow(GitSyncError);
        expect(() => decodePackIndex(bytes.subarray(0, at))).toThrow(GitSyncError);
      }),
    );
  });

  it.each<[string, (bytes: Buffer) => void]>([
    ["more objects than bytes", (bytes) => bytes.writeUInt32BE(2 ** 32 - 1, 1028)],
    ["fewer objects than bytes", (bytes) => bytes.writeUInt32BE(0, 1028)],
    ["names out of order", (bytes) => bytes.fill(0xff, 1032, 1052)],
    ["a name twice", (bytes) => bytes.copyWithin(1032, 1052, 1072)],
    ["a count that is not that of the names", (bytes) => bytes.writeUInt32BE(2 ** 31, 8)],
    ["an offset beyond the 8-byte ones", (bytes) => bytes.fill(0xff, bytes.length - 240, bytes.length - 40)],
  ])("refuses an index with %s and the right SHA-1", (_name, change) => {
    const bytes = forgeIndex(change);

    expect(() => decodePackIndex(bytes)).toThrow(GitSyncError);
  });
});

describe("findObject", () => {
  it("finds each object, and no other", () => {
    fc.assert(
      fc.property(indexes, fc.uint8Array({ minLength: 20, maxLength: 20 }), (index, other) => {
        const names = Array.from(index.crcs, (_, nth) => index.oids.subarray(nth * 20, nth * 20 + 20));

        const found = names.map((name) => findObject(index, name));

        expect(found).toStrictEqual([...names.keys()]);
        const isThere = names.some((name) => Buffer.compare(name, other) === 0);
        expect(findObject(index, other) !== undefined).toBe(isThere);
      }),
    );
  });
});
