import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { splitLines } from "./lines.ts";

async function linesOf(chunks: readonly Uint8Array[], maxLineBytes?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(toAsync(chunks), maxLineBytes)) lines.push(line);
  return lines;
}

async function* toAsync(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe("splitLines", () => {
  it("yields a last line without line feed", async () => {
    expect(await linesOf([Buffer.from("a\n\nb")])).toEqual(["a", "", "b"]);
  });

  it("decodes a character that is split over chunks", async () => {
    const bytes = Buffer.from("é\n");

    expect(await linesOf([bytes.subarray(0, 1), bytes.subarray(1)])).toEqual(["é"]);
  });

  it("keeps the start of a line that is too long, and the next line whole", async () => {
    expect(await linesOf([Buffer.from("aaaa"), Buffer.from("bb\ncc\n")], 3)).toEqual(["aaa", "cc"]);
  });

  it("yields the same lines however the bytes are split", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), fc.integer({ min: 1, max: 9 }), async (texts, size) => {
        const lines = texts.map((text) => text.replaceAll("\n", ""));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const count = Math.ceil(bytes.length / size);
        const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

        expect(await linesOf(chunks)).toEqual(lines);
      }),
    );
  });
});
