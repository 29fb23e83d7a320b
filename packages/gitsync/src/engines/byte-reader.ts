const NEWLINE = 0x0a;

/** Reads lines and counted bytes from chunks that are cut anywhere. */
export interface ByteReader {
  /** Reads up to a newline, which is left out; undefined at the end, or when the line is longer than the bound. */
  readonly readLine: (maxBytes: number) => Promise<string | undefined>;
  /** Reads so many bytes; undefined when there are fewer. */
  readonly readExactly: (count: number) => Promise<Uint8Array | undefined>;
}

/**
 * Creates a reader of a byte stream.
 *
 * @param chunks the stream; closing it stays with the caller
 */
export function createByteReader(chunks: AsyncIterator<Uint8Array>): ByteReader {
  let held = Buffer.alloc(0);
  const hold = async (count: number): Promise<boolean> => {
    const pieces: Uint8Array[] = [held];
    let size = held.length;
    while (size < count) {
      const next = await chunks.next();
      if (next.done === true) {
        break;
      }
      pieces.push(next.value);
      size += next.value.length;
    }
    held = pieces.length === 1 ? held : Buffer.concat(pieces);
    return size >= count;
  };
  const take = (count: number): Buffer<ArrayBuffer> => {
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
  return {
    async readLine(maxBytes) {
      while (!held.includes(NEWLINE)) {
        if (held.length > maxBytes || !(await hold(held.length + 1))) {
          return undefined;
        }
      }
      const line = take(held.indexOf(NEWLINE)).toString("latin1");
      take(1);
      return line;
    },
    readExactly: async (count) => ((await hold(count)) ? take(count) : undefined),
  };
}
