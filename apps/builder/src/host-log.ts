import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";

/** A host's log of one run, compressed as it is written. */
export interface HostLog extends AsyncDisposable {
  readonly write: (line: string) => void;
}

/** Starts a host's log. */
export async function openHostLog(file: string): Promise<HostLog> {
  const compressor = createZstdCompress();
  const output = compressor.pipe(createWriteStream(file));
  const written = finished(output);
  // Awaited at the end; a disk that fills up in the meantime must not end the process.
  written.catch(() => undefined);
  return {
    write: (line) => {
      compressor.write(`${line}\n`);
    },
    [Symbol.asyncDispose]: async () => {
      compressor.end();
      await written;
    },
  };
}
