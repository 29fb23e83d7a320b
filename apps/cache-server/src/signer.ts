import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { formatPublicKey, NarInfoError, parseSecretKey, type Signer, toPublicKey } from "@nix-cache/narinfo";

import { StartError } from "./start-error.ts";

/** A key that signs on the fly, and what clients need to trust it. */
export interface SigningKey extends Signer {
  /** `<name>:<base64>`, as it goes into trusted-public-keys. */
  readonly publicKey: string;
}

/** DER of a PKCS #8 PrivateKeyInfo of ed25519 up to the 32 bytes of the seed (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Reads the keys to sign with.
 *
 * @param files as `nix-store --generate-binary-cache-key` writes them
 * @throws {StartError} when a file cannot be read or is no secret key, or when two keys have one name
 */
export function readSigningKeys(files: readonly string[]): SigningKey[] {
  const keys = files.map(readSigningKey);
  const names = keys.map((key) => key.name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) {
    throw new StartError(`cacheServer.signingKeyFiles holds two keys named ${double}: remove one of them`);
  }
  return keys;
}

function readSigningKey(file: string): SigningKey {
  try {
    return createSigningKey(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new StartError(explain(cause, file), { cause });
  }
}

function createSigningKey(text: string): SigningKey {
  const secretKey = parseSecretKey(text);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, secretKey.seed]),
    format: "der",
    type: "pkcs8",
  });
  return {
    name: secretKey.name,
    publicKey: formatPublicKey(toPublicKey(secretKey)),
    sign: (message) => sign(undefined, message, privateKey),
  };
}

function explain(cause: unknown, file: string): string {
  if (cause instanceof NarInfoError) {
    return `${file} is no signing key (${cause.message}): make one with nix-store --generate-binary-cache-key`;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `the signing key cannot be read (${reason}): make ${file} readable, or change cacheServer.signingKeyFiles`;
}
