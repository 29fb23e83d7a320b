import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { HistoryError } from "./history-error.ts";

/** A closure diff of a whole nixpkgs update has some 100 KB; what unpacks to more is no diff. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

/**
 * Encodes a value as compressed JSON.
 *
 * @param name - of the argument, for the message
 * @throws TypeError for a value that has no JSON, RangeError for one of more than {@link MAX_JSON_BYTES}
 */
export function encodeJson(value: unknown, name: string): Uint8Array {
  // The declared type leaves out that undefined and functions have no JSON.
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`expected ${name} to be JSON, got ${typeof value}`);
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_JSON_BYTES) {
    throw new RangeError(
      `expected ${name} to be at most ${MAX_JSON_BYTES} bytes of JSON, got ${bytes.length}`,
    );
  }
  return zstdCompressSync(bytes);
}

/**
 * Decodes what {@link encodeJson} encoded.
 *
 * @throws {@link HistoryError} ERR_HISTORY_DAMAGED
 */
export function decodeJson(bytes: Uint8Array): unknown {
  try {
    const text = zstdDecompressSync(bytes, { maxOutputLength: MAX_JSON_BYTES }).toString();
    return JSON.parse(text);
  } catch (error) {
    if (!isDecodingError(error)) throw error;
    throw new HistoryError("ERR_HISTORY_DAMAGED", `expected compressed JSON: ${error.message}`, {
      cause: error,
    });
  }
}

/** zstd and zlib name their errors by a code, as does the bound on the output. */
function isDecodingError(error: unknown): error is Error {
  return error instanceof SyntaxError || (error instanceof Error && "code" in error);
}
