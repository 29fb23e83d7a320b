import { getPublicKey, hashes, Point, sign, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

/** Bytes of the seed that everything secret is derived from (RFC 8032, section 5.1.5). */
export const SEED_BYTES = 32;

/** Bytes of a public key (RFC 8032, section 5.1.5). */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of a signature: a point R and a number S of 32 bytes each (RFC 8032, section 5.1.6). */
export const SIGNATURE_BYTES = 64;

/** Derives the public key of a seed. */
export function derivePublicKey(seed: Uint8Array): Uint8Array {
  provideSha512();
  return getPublicKey(seed);
}

/** Signs a message; the same message and seed always give the same signature. */
export function signMessage(message: Uint8Array, seed: Uint8Array): Uint8Array {
  provideSha512();
  return sign(message, seed);
}

/** Verifies a signature as libsodium, and thus Nix, does: canonical encodings and no point of small order. */
export function verifyMessage(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  provideSha512();
  if (!verify(signature, message, publicKey, { zip215: false })) return false;
  // noble looks at the order of the public key only.
  return !Point.fromBytes(signature.subarray(0, SIGNATURE_BYTES / 2)).isSmallOrder();
}

/** noble has no synchronous SHA-512 of its own. It gets one at the first call: an import must have no effect. */
function provideSha512(): void {
  hashes.sha512 ??= sha512;
}
