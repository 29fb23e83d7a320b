import { GitSyncError } from "../errors.ts";

/** One pkt-line of git's protocol version 0: data, or the flush packet that ends a section. */
export type PktLine = { readonly type: "data"; readonly payload: Uint8Array } | { readonly type: "flush" };

const HEADER_BYTES = 4;

/** Longest payload of a pkt-line: LARGE_PACKET_MAX of git's pkt-line.h (65520) less the header. */
export const MAX_PAYLOAD_BYTES = 65_516;

/**
 * Encodes one pkt-line: four hexadecimal digits of length (which count themselves), then the payload.
 *
 * @param line data or flush
 * @returns the bytes on the wire
 * @throws RangeError when the payload is longer than 65516 bytes
 * @see https://git-scm.com/docs/gitprotocol-common
 */
export function encodePktLine(line: PktLine): Uint8Array {
  if (line.type === "flush") {
    return Buffer.from("0000");
  }
  const { payload } = line;
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`expected a payload of at most ${MAX_PAYLOAD_BYTES} bytes, got ${payload.length}`);
  }
  const header = (payload.length + HEADER_BYTES).toString(16).padStart(HEADER_BYTES, "0");
  return Buffer.concat([Buffer.from(header), payload]);
}

/**
 * Decodes pkt-lines from bytes that may be cut anywhere.
 *
 * @param chunks the bytes on the wire
 * @returns the lines, in order; payloads belong to the consumer
 * @throws GitSyncError ERR_GITSYNC_PROTOCOL on a malformed length and when the bytes end inside a line
 */
export async function* decodePktLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PktLine> {
  let pending = Buffer.alloc(0);
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk]);
    let offset = 0;
    for (;;) {
      const end = findLineEnd(pending, offset);
      if (end === undefined) {
        break;
      }
      yield toPktLine(pending.subarray(offset + HEADER_BYTES, end.next), end.isFlush);
      offset = end.next;
    }
    pending = pending.subarray(offset);
  }
  if (pending.length > 0) {
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      `expected a whole pkt-line, got its first ${pending.length} bytes and then the end: the connection was cut`,
    );
  }
}

function toPktLine(payload: Uint8Array, isFlush: boolean): PktLine {
  return isFlush ? { type: "flush" } : { type: "data", payload };
}

function findLineEnd(bytes: Buffer, offset: number): { next: number; isFlush: boolean } | undefined {
  if (bytes.length - offset < HEADER_BYTES) {
    return undefined;
  }
  const length = parseLength(bytes, offset);
  if (length === 0) {
    return { next: offset + HEADER_BYTES, isFlush: true };
  }
  const next = offset + length;
  return next > bytes.length ? undefined : { next, isFlush: false };
}

function parseLength(bytes: Buffer, offset: number): number {
  const text = bytes.toString("latin1", offset, offset + HEADER_BYTES);
  const length = /^[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
  // 1 to 3 are the delimiters of protocol version 2, which nobody asked for.
  if (Number.isNaN(length) || (length > 0 && length < HEADER_BYTES)) {
    const found = JSON.stringify(bytes.toString("latin1", offset, offset + 40));
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      `expected the length of a pkt-line, got ${found}: does a login banner or a shell start file print to stdout?`,
    );
  }
  if (length > MAX_PAYLOAD_BYTES + HEADER_BYTES) {
    throw new GitSyncError(
      "ERR_GITSYNC_PROTOCOL",
      `expected a pkt-line of at most ${MAX_PAYLOAD_BYTES + HEADER_BYTES} bytes, got ${length}`,
    );
  }
  return length;
}
