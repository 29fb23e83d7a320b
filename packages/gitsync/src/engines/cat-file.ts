import { GitSyncError } from "../errors.ts";
import { createByteReader } from "./byte-reader.ts";

/** One object as `git cat-file --batch` prints it. */
export interface PrintedObject {
  readonly oid: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Longest header, well above object name, type and size. */
const MAX_HEADER_BYTES = 200;

/**
 * Decodes what `git cat-file --batch` prints.
 *
 * @param chunks its output, cut anywhere
 * @throws GitSyncError ERR_GITSYNC_CORRUPT when an object is missing, or the output ends too early
 * @see https://git-scm.com/docs/git-cat-file#_batch_output
 */
export async function* decodeObjects(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PrintedObject> {
  const iterator = chunks[Symbol.asyncIterator]();
  const reader = createByteReader(iterator);
  try {
    for (;;) {
      const line = await reader.readLine(MAX_HEADER_BYTES);
      if (line === undefined) {
        return;
      }
      const { oid, type, size } = parseHeader(line);
      // A newline follows each object.
      const bytes = await reader.readExactly(size + 1);
      if (bytes === undefined) {
        throw corrupt(`expected ${size} bytes of object ${oid}, got fewer`);
      }
      yield { oid, type, bytes: bytes.subarray(0, size) };
    }
  } finally {
    await iterator.return?.();
  }
}

function parseHeader(line: string): { oid: string; type: string; size: number } {
  const [, oid, type, size] = /^([0-9a-f]{40}) ([a-z]+) (\d+)$/.exec(line) ?? [];
  if (oid === undefined || type === undefined) {
    throw corrupt(`expected an object, git printed ${JSON.stringify(line)}`);
  }
  return { oid, type, size: Number(size) };
}

function corrupt(message: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_CORRUPT", message);
}
