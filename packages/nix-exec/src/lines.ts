/** Longest line kept; Nix writes whole error traces and build lines as one line of JSON. */
const MAX_LINE_BYTES: number = 10 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines of UTF-8 text, without their line feeds. The end of a line longer than
 * `maxLineBytes` is dropped, so that a process cannot exhaust the memory by never ending a line.
 *
 * @param chunks - output of a process, split anywhere
 * @param maxLineBytes - bytes kept of each line
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let pending: Uint8Array[] = [];
  let room = maxLineBytes;
  const keep = (part: Uint8Array): void => {
    const kept = part.subarray(0, room);
    if (kept.length > 0) pending.push(kept);
    room -= kept.length;
  };
  const take = (): string => {
    const line = decoder.decode(Buffer.concat(pending));
    pending = [];
    room = maxLineBytes;
    return line;
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (pending.length > 0) yield take();
}
