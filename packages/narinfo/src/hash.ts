import { decodeBase64 } from "./base64.ts";
import { NarInfoError } from "./errors.ts";
import { encodeNixBase32, tryDecodeNixBase32 } from "./nix-base32.ts";
import { assertString, excerpt } from "./text.ts";

/** A hash algorithm of Nix, the experimental ones apart. */
export type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha512";

/** A hash with its algorithm. */
export interface Hash {
  readonly algorithm: HashAlgorithm;
  /** The digest: 16, 20, 32 or 64 bytes. */
  readonly bytes: Uint8Array;
}

const DIGEST_BYTES: Readonly<Record<HashAlgorithm, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 };

/**
 * Reads a hash in any of Nix's forms: `<algorithm>:` with base 16, nix base 32 or base64, told apart by
 * length, or `<algorithm>-<base64>` (SRI).
 *
 * @throws {NarInfoError} ERR_NARINFO_HASH
 * @example
 * const { bytes } = parseHash("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
 * @see Hash::parseAnyPrefixed in Nix's src/libutil/hash.cc
 */
export function parseHash(text: string): Hash {
  assertString(text, "hash");
  const isSri = !text.includes(":");
  const end = Math.max(text.indexOf(isSri ? "-" : ":"), 0);

  const algorithm = text.slice(0, end);
  if (!isHashAlgorithm(algorithm)) throw refuse(text);
  const size = DIGEST_BYTES[algorithm];
  const digest = text.slice(end + 1);
  const bytes = isSri ? decodeBase64(digest) : decodeByLength(digest, size);
  if (bytes?.length !== size) throw refuse(text);
  return { algorithm, bytes };
}

/**
 * Writes a hash as narinfo files have it: `<algorithm>:<nix base 32>`.
 *
 * @throws {RangeError} when the number of bytes is not the algorithm's
 * @example
 * formatHash(parseHash("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
 * // "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73"
 */
export function formatHash(hash: Hash): string {
  const size = DIGEST_BYTES[hash.algorithm];
  if (hash.bytes.length !== size) {
    throw new RangeError(`expected ${size} bytes of ${hash.algorithm}, got ${hash.bytes.length}`);
  }
  return `${hash.algorithm}:${encodeNixBase32(hash.bytes)}`;
}

/**
 * Rewrites the hash of a NAR from any form to `sha256:<nix base 32>`. Nix reads other algorithms there as
 * well, but neither imports nor signs with them.
 *
 * @throws {NarInfoError} ERR_NARINFO_HASH
 */
export function normalizeNarHash(text: string): string {
  const hash = parseHash(text);
  if (hash.algorithm !== "sha256") {
    throw new NarInfoError("ERR_NARINFO_HASH", `expected the sha256 of a NAR, got ${hash.algorithm}`);
  }
  return formatHash(hash);
}

function isHashAlgorithm(text: string): text is HashAlgorithm {
  return Object.hasOwn(DIGEST_BYTES, text);
}

function decodeByLength(digest: string, size: number): Uint8Array | undefined {
  switch (digest.length) {
    case size * 2:
      return decodeBase16(digest);
    case Math.ceil((size * 8) / 5):
      return tryDecodeNixBase32(digest);
    case Math.ceil(size / 3) * 4:
      return decodeBase64(digest);
    default:
      return undefined;
  }
}

function decodeBase16(text: string): Uint8Array | undefined {
  if (!/^[0-9A-Fa-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}

function refuse(text: string): NarInfoError {
  const message = `expected <algorithm>:<digest> or <algorithm>-<base64>, got ${excerpt(text)}`;
  return new NarInfoError("ERR_NARINFO_HASH", message);
}
