import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GitSyncError } from "../errors.ts";
import { decodeEntryHeader, encodeDistance } from "./pack-entry.ts";

/** Type OFS_DELTA with a size of two bytes. */
const OFFSET_DELTA = [0xe5, 0x01];

describe("encodeDistance", () => {
  it("is undone by decodeEntryHeader", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (distance) => {
        const encoded = encodeDistance(distance);

        const header = decodeEntryHeader(Uint8Array.from([...OFFSET_DELTA, ...encoded, 0x78, 0x9c]));

        const headerBytes = OFFSET_DELTA.length + encoded.length;
        expect(header).toStrictEqual({ type: "delta-to-offset", sizeBytes: 2, headerBytes, distance });
      }),
    );
  });

  it.each([
    [1, [0x01]],
    [127, [0x7f]],
    [128, [0x80, 0x00]],
    [16_511, [0xff, 0x7f]],
    [16_512, [0x80, 0x80, 0x00]],
  ])("writes %i as git does", (distance, bytes) => {
    expect(encodeDistance(distance)).toStrictEqual(Uint8Array.from(bytes));
  });
});

describe("decodeEntryHeader", () => {
  it("tells a whole object from a delta", () => {
    expect(decodeEntryHeader(Uint8Array.from([0x95, 0x0a, 0x78]))).toStrictEqual({ type: "whole" });
  });

  it("reads the name of a delta's base", () => {
    const base = new Uint8Array(20).fill(7);

    const header = decodeEntryHeader(Uint8Array.from([0xf5, 0x01, ...base, 0x78]));

    expect(header).toStrictEqual({ type: "delta-to-name", base });
  });

  it.each([
    ["nothing", []],
    ["a size without an end", [0x95, 0x80, 0x80]],
    ["type 0", [0x05]],
    ["type 5", [0x55]],
    ["half a base's name", [0x75, 1, 2, 3]],
    ["no distance", [0x65]],
    ["a distance of 0", [0x65, 0]],
    ["a distance without an end", [0x65, 0x80, 0x80]],
    ["a distance beyond any pack", [0x65, ...Array.from({ length: 30 }, () => 0xff), 0x7f]],
  ])("refuses %s", (_name, bytes) => {
    expect(() => decodeEntryHeader(Uint8Array.from(bytes))).toThrow(GitSyncError);
  });

  it("throws nothing else, whatever it is given", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const decode = (): unknown => {
          try {
            return decodeEntryHeader(bytes);
          } catch (error) {
            return error instanceof GitSyncError ? { type: "refused" } : error;
          }
        };

        expect(decode()).toMatchObject({
          type: expect.stringMatching(/^(?:whole|delta-to-(?:offset|name)|refused)$/) as unknown,
        });
      }),
    );
  });
});
