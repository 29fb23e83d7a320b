import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GitSyncError } from "../errors.ts";
import { decodePktLines, encodePktLine, MAX_PAYLOAD_BYTES } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";

const anyLine: fc.Arbitrary<PktLine> = fc.oneof(
  fc.constant({ type: "flush" as const }),
  fc.uint8Array({ maxLength: 300 }).map((payload) => ({ type: "data" as const, payload })),
);

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const size of sizes) {
    yield bytes.slice(offset, offset + size);
    offset += size;
  }
  yield bytes.slice(offset);
}

async function decode(bytes: Uint8Array, sizes: readonly number[] = []): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of decodePktLines(chunksOf(bytes, sizes))) {
    lines.push(describeLine(line));
  }
  return lines;
}

function describeLine(line: PktLine): string {
  return line.type === "flush" ? "flush" : `data ${Buffer.from(line.payload).toString("hex")}`;
}

function encode(lines: readonly PktLine[]): Uint8Array {
  return Buffer.concat(lines.map(encodePktLine));
}

describe("encodePktLine", () => {
  it("counts the length's own four digits", () => {
    expect(Buffer.from(encodePktLine({ type: "data", payload: Buffer.from("a\n") })).toString()).toBe(
      "0006a\n",
    );
  });

  it("writes a flush as 0000", () => {
    expect(Buffer.from(encodePktLine({ type: "flush" })).toString()).toBe("0000");
  });

  it("refuses a payload that is too long", () => {
    const payload = Buffer.alloc(MAX_PAYLOAD_BYTES + 1);

    expect(() => encodePktLine({ type: "data", payload })).toThrow(RangeError);
  });
});

describe("decodePktLines", () => {
  it("gives back what was encoded, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine), fc.array(fc.nat(40)), async (lines, sizes) => {
        expect(await decode(encode(lines), sizes)).toStrictEqual(lines.map(describeLine));
      }),
    );
  });

  it("refuses bytes that end inside a line, and gives the lines before", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 1 }), fc.nat(), async (lines, seed) => {
        const bytes = encode(lines);
        const end = seed % bytes.length;
        const boundaries = lines.map((_, index) => encode(lines.slice(0, index)).length);
        const isWhole = boundaries.includes(end);

        const outcome = await decode(bytes.slice(0, end)).catch((error: unknown) => error);

        expect(outcome instanceof GitSyncError ? outcome.code : "whole").toBe(
          isWhole ? "whole" : "ERR_GITSYNC_PROTOCOL",
        );
      }),
    );
  });

  it("throws nothing but its own error at any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        const outcome = await decode(bytes).catch((error: unknown) => error);

        expect(Array.isArray(outcome) || outcome instanceof GitSyncError).toBe(true);
      }),
    );
  });

  it.each([["0001"], ["0002"], ["0003"], ["00g4"], [" 004"], ["+004"], ["fff1"], ["Welcome to server\n"]])(
    "refuses the length %j",
    async (text) => {
      const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(70_000)]);

      await expect(decode(bytes)).rejects.toMatchObject({ code: "ERR_GITSYNC_PROTOCOL" });
    },
  );

  it("takes the longest line that git writes", async () => {
    const line: PktLine = { type: "data", payload: Buffer.alloc(MAX_PAYLOAD_BYTES, 1) };

    expect(await decode(encode([line]), [1, 2, 3])).toStrictEqual([describeLine(line)]);
  });
});
