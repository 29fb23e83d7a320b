import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A link at the end is an error, and a FIFO that nobody writes to does not block. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a regular file as one character per byte.
 *
 * @returns undefined when it is none, or is larger than `maxBytes`
 */
export async function readBounded(file: string, maxBytes: number): Promise<string | undefined> {
  await using handle = await open(file, FLAGS);
  const stats = await handle.stat();
  if (!stats.isFile() || stats.size > maxBytes) return undefined;
  // One byte more than promised shows a file that grows.
  const buffer = Buffer.alloc(stats.size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) return buffer.toString("latin1", 0, length);
    length += bytesRead;
    if (length > stats.size) return undefined;
  }
}
