import { utf8ToBytes } from "@noble/hashes/utils.js";

import { encodeBase64 } from "./base64.ts";
import { SIGNATURE_BYTES, signMessage } from "./ed25519.ts";
import { fingerprint } from "./fingerprint.ts";
import { assertKeyName, type SecretKey, seedOf } from "./keys.ts";
import type { FingerprintFields } from "./nar-info.ts";

/** Signs in place of the built-in ed25519, with a key of its own: node:crypto, a hardware token. */
export interface Signer {
  /** The key's name: no colon, no whitespace. */
  readonly name: string;
  /** Gives the ed25519 signature of a message: 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Signs a narinfo, or any store path of which the covered fields are known.
 *
 * @returns `<key name>:<base64>`, to be put among the narinfo's signatures
 * @throws {NarInfoError} ERR_NARINFO_STORE_PATH, ERR_NARINFO_HASH, ERR_NARINFO_SIZE
 * @throws {TypeError} when given neither a signer nor a secret key that still has its seed
 * @throws {RangeError} when the name is not that of a key, or the signer gives other than 64 bytes
 * @example
 * const signed = { ...info, signatures: [...info.signatures, signNarInfo(info, secretKey)] };
 */
export function signNarInfo(info: FingerprintFields, secretKeyOrSigner: SecretKey | Signer): string {
  // Without this the engine's own message would quote the text of a key.
  if (typeof secretKeyOrSigner !== "object")
    throw new TypeError("expected a secret key or a signer, got neither");
  assertKeyName(secretKeyOrSigner.name);

  const message = utf8ToBytes(fingerprint(info));
  const signature =
    "sign" in secretKeyOrSigner
      ? secretKeyOrSigner.sign(message)
      : signMessage(message, seedOf(secretKeyOrSigner));
  if (signature.length !== SIGNATURE_BYTES) {
    throw new RangeError(`expected the signer to give ${SIGNATURE_BYTES} bytes, got ${signature.length}`);
  }
  return `${secretKeyOrSigner.name}:${encodeBase64(signature)}`;
}
