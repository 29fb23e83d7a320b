import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeObjects } from "./cat-file.ts";
import type { PrintedObject } from "./cat-file.ts";

const OID = "0123456789abcdef0123456789abcdef01234567";

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) {
    yield bytes.subarray(offset, offset + size);
  }
}

function print(contents: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    contents.flatMap((bytes) => [
      Buffer.from(`${OID} blob ${bytes.length}\n`),
      Buffer.from(bytes),
      Buffer.from("\n"),
    ]),
  );
}

async function decode(bytes: Uint8Array, size = bytes.length || 1): Promise<PrintedObject[]> {
  const objects: PrintedObject[] = [];
  for await (const object of decodeObjects(cut(bytes, size))) {
    objects.push(object);
  }
  return objects;
}

describe("decodeObjects", () => {
  it("gives back what was printed, cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), fc.integer({ min: 1, max: 50 }), async (contents, size) => {
        const objects = await decode(print(contents), size);

        expect(objects.map(({ bytes }) => Buffer.from(bytes))).toStrictEqual(
          contents.map((bytes) => Buffer.from(bytes)),
        );
      }),
    );
  });

  it("refuses an object that was cut", async () => {
    const whole = print([Buffer.from("contents")]);

    await expect(decode(whole.subarray(0, -1))).rejects.toMatchObject({ code: "ERR_GITSYNC_CORRUPT" });
  });

  it.each([`${OID} missing\n`, "fatal: no\n", `${OID} blob -1\n`])("refuses %j", async (line) => {
    await expect(decode(Buffer.from(line))).rejects.toMatchObject({ code: "ERR_GITSYNC_CORRUPT" });
  });
});
