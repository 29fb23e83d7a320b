import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";

import { toSafeText } from "../text/safe-text.ts";
import { runFileError } from "./run-file.ts";

/** A line that is longer is written in pieces. */
const MAX_LINE = 65_536;

/** What a log came to. */
export interface PrintedLog {
  /** False for a log that breaks off: its run was killed, or still writes it. */
  readonly isWhole: boolean;
}

/**
 * Decompresses a host's log to a stream, harmless for terminals, in bounded memory.
 *
 * @param file `<host>.log.zst` of a run
 * @throws {@link CommandError} 1 when there is none or it may not be read
 */
export async function printHostLog(file: string, output: NodeJS.WritableStream): Promise<PrintedLog> {
  const state = { isWhole: true };
  const compressed = createReadStream(file);
  const chunks = createZstdDecompress();
  compressed.on("error", (error) => chunks.destroy(error));
  try {
    // Not as a pipeline from the file on: that fails with a log that breaks off, whoever catches it on the way.
    const lines = toSafeLines(untilBroken(compressed.pipe(chunks), state));
    await pipeline(lines, output, { end: false });
  } catch (cause) {
    throw runFileError(file, cause);
  } finally {
    compressed.destroy();
    chunks.destroy();
  }
  return state;
}

/** What was written before a kill is worth reading; the rest of its last block is lost. */
async function* untilBroken(
  chunks: AsyncIterable<Uint8Array>,
  state: { isWhole: boolean },
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (!isBroken(error)) throw error;
    state.isWhole = false;
  }
}

function isBroken(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    /^(?:ZSTD_error_|Z_BUF_ERROR|ERR_ZSTD)/.test(String(error.code))
  );
}

async function* toSafeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const end = rest.length > MAX_LINE ? rest.length : rest.lastIndexOf("\n") + 1;
    if (end > 0) yield toSafeText(rest.slice(0, end));
    rest = rest.slice(end);
  }
  yield toSafeText(rest + decoder.decode());
}
