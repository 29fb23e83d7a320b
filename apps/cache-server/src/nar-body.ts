import { Readable } from "node:stream";

import { NarError } from "@nix-cache/nar";
import { dumpPath } from "@nix-cache/nar/fs";

/**
 * Begins to dump a path, so that one which is gone is noticed before anything is answered.
 *
 * @param path where the files are
 * @param narSize bytes that the NAR must have; the stream fails when it has more or fewer
 * @returns undefined when there is nothing at `path`
 * @throws {NarError} when it cannot be read
 */
export async function openNarBody(path: string, narSize: number): Promise<Readable | undefined> {
  const chunks = exactly(narSize, dumpPath(path));
  try {
    const first = await chunks.next();
    // Only a generator that was asked for something runs its clean-up when the stream is destroyed unread.
    const body = Readable.from(chunks, { objectMode: false });
    if (first.done !== true) body.unshift(first.value);
    return body;
  } catch (error) {
    if (error instanceof NarError && error.code === "ERR_NAR_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Hands chunks on, and fails rather than give another number of bytes than was announced. */
async function* exactly(
  size: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let given = 0;
  for await (const chunk of chunks) {
    given += chunk.length;
    if (given > size) break;
    yield chunk;
  }
  if (given !== size) {
    throw new Error(`expected a NAR of ${size} bytes, got ${given > size ? "more" : given}`);
  }
}
