import { utf8ToBytes } from "@noble/hashes/utils.js";

import { SIGNATURE_BYTES, verifyMessage } from "./ed25519.ts";
import { NarInfoError } from "./errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { parsePublicKey, type PublicKey } from "./keys.ts";
import type { NarInfo } from "./nar-info.ts";
import { parseSignature } from "./signature.ts";

/** The part of a narinfo that verification looks at. */
export type SignedFields = Pick<NarInfo, "storePath" | "narHash" | "narSize" | "references" | "signatures">;

/** Verifies in place of the built-in ed25519, for one key: node:crypto is about 15 times as fast. */
export interface Verifier {
  /** The key's name. */
  readonly name: string;
  /** Tells whether 64 bytes are the ed25519 signature of a message. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** A key to trust: parsed, as text from `trusted-public-keys`, or behind a {@link Verifier}. */
export type TrustedKey = PublicKey | Verifier | string;

/**
 * Tells whether a trusted key signed a narinfo; one good signature is enough. Signatures of other names and
 * malformed ones do not count, and fields that have no fingerprint cannot have been signed.
 *
 * @param publicKeys the keys to trust; where several have one name, each is tried
 * @throws {NarInfoError} ERR_NARINFO_KEY when a key given as text is malformed
 * @example
 * verifyNarInfo(info, ["cache.example.org-1:oq+sLa+OAmgX68dsn4NLZMO/KxvIEwa5HVcjPoE4LnE="]);
 */
export function verifyNarInfo(info: SignedFields, publicKeys: readonly TrustedKey[]): boolean {
  const keys = publicKeys.map((key) => (typeof key === "string" ? parsePublicKey(key) : key));
  const message = valueUnlessRefused(() => utf8ToBytes(fingerprint(info)));
  return message !== undefined && info.signatures.some((signature) => isSignature(signature, message, keys));
}

function isSignature(text: string, message: Uint8Array, keys: readonly (PublicKey | Verifier)[]): boolean {
  const signature = valueUnlessRefused(() => parseSignature(text));
  if (signature?.bytes.length !== SIGNATURE_BYTES) return false;
  return keys.some((key) => key.name === signature.name && isSignedBy(key, message, signature.bytes));
}

function isSignedBy(key: PublicKey | Verifier, message: Uint8Array, signature: Uint8Array): boolean {
  return "verify" in key ? key.verify(message, signature) : verifyMessage(signature, message, key.bytes);
}

function valueUnlessRefused<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NarInfoError) return undefined;
    throw error;
  }
}
