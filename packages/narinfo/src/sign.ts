import { utf8ToBytes } from "@noble/hashes/utils.js";

import { encodeBase64 } from "./base64.ts";
import { SEED_BYTES, SIGNATURE_BYTES, signMessage } from "./ed25519.ts";
import { fingerprint } from "./fingerprint.ts";
import type { SecretKey } from "./keys.ts";
import type { FingerprintFields } from "./nar-info.ts";

/** Signs in place of the built-in ed25519, with a key of its own: node:crypto, a hardware token. */
export interface Signer {
  /** The key's name, without a colon. */
  readonly name: string;
  /** Gives the ed25519 signature of a message: 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Signs a narinfo, or any store path of which the covered fields are known.
 *
 * @returns `<key name>:<base64>`, to be put among the narinfo's signatures
 * @throws {NarInfoError} ERR_NARINFO_STORE_PATH, ERR_NARINFO_HASH, ERR_NARINFO_SIZE
 * @throws {TypeError} when given neither secret key nor signer
 * @throws {RangeError} when the signer gives other than 64 bytes
 * @example
 * const signed = { ...info, signatures: [...info.signatures, signNarInfo(info, secretKey)] };
 */
export function signNarInfo(info: FingerprintFields, secretKeyOrSigner: SecretKey | Signer): string {
  const message = utf8ToBytes(fingerprint(info));
  const signature =
    "sign" in secretKeyOrSigner ? secretKeyOrSigner.sign(message) : signWith(secretKeyOrSigner, message);
  if (signature.length !== SIGNATURE_BYTES) {
    throw new RangeError(`expected the signer to give ${SIGNATURE_BYTES} bytes, got ${signature.length}`);
  }
  return `${secretKeyOrSigner.name}:${encodeBase64(signature)}`;
}

function signWith({ seed }: SecretKey, message: Uint8Array): Uint8Array {
  // A spread or cloned secret key has lost its seed.
  if (seed?.length !== SEED_BYTES) throw new TypeError("expected a secret key with its seed, or a signer");
  return signMessage(message, seed);
}
