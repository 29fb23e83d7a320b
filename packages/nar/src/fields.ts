import type { ByteReader, Starved } from "./byte-reader.ts";
import { tooLong } from "./checks.ts";
import { NarError } from "./error.ts";
import { MAX_TAG_BYTES, paddingOf } from "./wire.ts";

/** Reading a field: yields when it needs input, returns the field. */
export type Reading<T> = Generator<Starved, T>;

/**
 * Reads a u64le.
 * @returns the number, inexact above Number.MAX_SAFE_INTEGER, where every caller refuses it
 */
export function* readU64(reader: ByteReader): Reading<number> {
  const bytes = yield* reader.exactly(8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
}

/**
 * Reads a string's bytes, which may be a view of the input.
 * @param limit most bytes it may have; a longer one is refused before it is read
 * @throws NarError ERR_NAR_TOO_LONG, ERR_NAR_PADDING
 */
export function* readString(reader: ByteReader, what: string, limit: number): Reading<Uint8Array> {
  const offset = reader.position;
  const length = yield* readU64(reader);
  if (length > limit) throw new NarError("ERR_NAR_TOO_LONG", tooLong(what, limit, length), { offset });
  const bytes = yield* reader.exactly(length);
  yield* readPadding(reader, length);
  return bytes;
}

/**
 * Reads the zero bytes after a payload.
 * @throws NarError ERR_NAR_PADDING
 */
export function* readPadding(reader: ByteReader, size: number): Reading<void> {
  const offset = reader.position;
  const length = paddingOf(size);
  if (length === 0) return;
  const padding = yield* reader.exactly(length);
  const found = padding.find((byte) => byte !== 0);
  if (found === undefined) return;
  const hex = found.toString(16).padStart(2, "0");
  throw new NarError("ERR_NAR_PADDING", `expected ${length} zero bytes at ${offset}, got 0x${hex}`, {
    offset,
  });
}

/**
 * Reads a tag.
 * @throws NarError ERR_NAR_TOO_LONG, ERR_NAR_PADDING
 */
export function* readTag(reader: ByteReader): Reading<string> {
  const bytes = yield* readString(reader, "tag", MAX_TAG_BYTES);
  return String.fromCharCode(...bytes);
}

/**
 * Reads a tag and refuses any other than `expected`.
 * @throws NarError ERR_NAR_TAG, ERR_NAR_TOO_LONG, ERR_NAR_PADDING
 */
export function* expectTag(reader: ByteReader, expected: string): Reading<void> {
  const offset = reader.position;
  const found = yield* readTag(reader);
  if (found !== expected) throw wrongTag(`"${expected}"`, found, offset);
}

/** Says that another tag was expected. */
export function wrongTag(expected: string, found: string, offset: number): NarError {
  return new NarError("ERR_NAR_TAG", `expected tag ${expected} at ${offset}, got ${JSON.stringify(found)}`, {
    offset,
  });
}
