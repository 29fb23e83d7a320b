import { NarInfoError } from "./errors.ts";
import { assertString, excerpt } from "./text.ts";

/** The digits and letters without e, o, t and u. */
const ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz";

/**
 * Writes bytes in Nix's base 32: little-endian, most significant digit first, no padding.
 *
 * @param bytes any number of bytes; the 32 of a SHA-256 give 52 characters
 * @throws {TypeError} when the argument is not a Uint8Array
 * @example
 * encodeNixBase32(new Uint8Array([1, 0])); // "0001"
 * @see printHash32 in Nix's src/libutil/hash.cc
 */
export function encodeNixBase32(bytes: Uint8Array): string {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`expected a Uint8Array, got ${typeof bytes}`);

  let text = "";
  for (let digit = textLength(bytes.length) - 1; digit >= 0; digit--) {
    const byte = Math.floor((digit * 5) / 8);
    const shift = (digit * 5) % 8;
    const pair = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8);
    text += ALPHABET.charAt((pair >> shift) & 31);
  }
  return text;
}

/**
 * Reads Nix's base 32. Exactly one text stands for given bytes, so anything else is refused: upper case,
 * other characters, bits beyond the last whole byte, lengths that no number of bytes has.
 *
 * @returns the bytes: 32 for 52 characters
 * @throws {NarInfoError} ERR_NARINFO_BASE32
 * @example
 * decodeNixBase32("0001"); // Uint8Array [1, 0]
 */
export function decodeNixBase32(text: string): Uint8Array {
  assertString(text, "text");
  const bytes = tryDecodeNixBase32(text);
  if (bytes === undefined) {
    const message = `expected nix base 32 (of ${ALPHABET}, without surplus bits), got ${excerpt(text)}`;
    throw new NarInfoError("ERR_NARINFO_BASE32", message);
  }
  return bytes;
}

/** Does the work of {@link decodeNixBase32}, for callers with an error of their own. */
export function tryDecodeNixBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  if (textLength(bytes.length) !== text.length) return undefined;

  let group = 0;
  let bits = 0;
  let length = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const digit = ALPHABET.indexOf(text.charAt(index));
    if (digit < 0) return undefined;
    group |= digit << bits;
    bits += 5;
    if (bits < 8) continue;
    bytes[length++] = group & 0xff;
    group >>= 8;
    bits -= 8;
  }
  // What is left did not fit into a whole byte; Nix refuses it too, unless it is zero.
  return group === 0 ? bytes : undefined;
}

function textLength(byteLength: number): number {
  return Math.ceil((byteLength * 8) / 5);
}
