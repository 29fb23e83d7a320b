import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";

import type { Logger } from "pino";

import { reasonOf } from "./reason.ts";

/** A host's log of one run, compressed as it is written. */
export interface HostLog extends AsyncDisposable {
  readonly write: (line: string) => void;
}

/**
 * Starts a host's log. A log that cannot be written is reported and goes on without effect: the host's result
 * does not hang on it.
 */
export function openHostLog(file: string, log: Logger): HostLog {
  const compressor = createZstdCompress();
  const written = pipeline(compressor, createWriteStream(file)).catch((error: unknown) => {
    log.warn({ file, reason: reasonOf(error) }, "host log cannot be written");
  });
  return {
    write: (line) => {
      if (compressor.writable) compressor.write(`${line}\n`);
    },
    [Symbol.asyncDispose]: async () => {
      if (compressor.writable) compressor.end();
      await written;
    },
  };
}
