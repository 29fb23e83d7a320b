const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Writes bytes as base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const left = bytes.length - index;
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((group >> 6) & 63) : "=";
    text += left > 2 ? ALPHABET.charAt(group & 63) : "=";
  }
  return text;
}

/**
 * Reads base64 as Nix does: skips line feeds, stops at the first `=` whatever follows, needs no padding and
 * ignores surplus bits. What Nix takes as a key must be a key here too, so a stricter decoder will not do.
 *
 * @returns the bytes, or undefined when the text has another character
 * @see base64Decode in Nix's src/libutil/util.cc
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.indexOf("=");
  const digits = (padding < 0 ? text : text.slice(0, padding)).replaceAll("\n", "");
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let group = 0;
  let bits = 0;
  let length = 0;
  for (const char of digits) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return undefined;
    group = ((group << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = group >> bits;
  }
  return bytes;
}
