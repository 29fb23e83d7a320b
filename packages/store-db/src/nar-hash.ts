/** Nix's base-32 digits: no e, o, t, u (Nix: src/libutil/base-nix-32.hh). */
export const NIX32_DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

const SHA256_BYTES = 32;
const PREFIX = /^sha256([:-])(.*)$/s;
const HEX = /^[0-9a-fA-F]{64}$/;
const NIX32 = new RegExp(`^[01][${NIX32_DIGITS}]{51}$`);
const BASE64 = /^[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=$/;

/**
 * Normalizes a SHA-256 as the database may hold it, in base 16, base 32 or base 64, prefixed or SRI.
 * @returns `sha256:` and 64 lower-case hex digits, or undefined when the text is no SHA-256
 * @see https://nix.dev/manual/nix/latest/protocols/nix32
 */
export function normalizeNarHash(text: string): string | undefined {
  const [, separator, digits = ""] = PREFIX.exec(text) ?? [];
  if (separator === ":" && HEX.test(digits)) return `sha256:${digits.toLowerCase()}`;
  if (separator === ":" && NIX32.test(digits)) return `sha256:${hexFromNix32(digits)}`;
  if (separator !== undefined && BASE64.test(digits)) {
    return `sha256:${Buffer.from(digits, "base64").toString("hex")}`;
  }
  return undefined;
}

/** The digits are the number in little-endian byte order, its most significant digit first. */
function hexFromNix32(digits: string): string {
  let value = 0n;
  for (const digit of digits) value = value * 32n + BigInt(NIX32_DIGITS.indexOf(digit));
  const bigEndian = value.toString(16).padStart(2 * SHA256_BYTES, "0");
  return Buffer.from(Buffer.from(bigEndian, "hex").toReversed()).toString("hex");
}
