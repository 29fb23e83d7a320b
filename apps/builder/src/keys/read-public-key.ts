import { readFile } from "node:fs/promises";

import { formatPublicKey, parseSecretKey, toPublicKey } from "@nix-cache/narinfo";

import { CommandError } from "../command-error.ts";
import { isErrno } from "../errno.ts";
import { EXIT } from "../exit-codes.ts";
import { reasonOf } from "../reason.ts";

/** A signing key, without its secret. */
export interface PublicSigningKey {
  readonly name: string;
  /** `<name>:<base64>`, as it goes into trusted-public-keys. */
  readonly publicKey: string;
}

/**
 * Reads the public half of a signing key.
 *
 * @param file as `nix-store --generate-binary-cache-key` writes the secret half
 * @throws NarInfoError when it is none; an error of the system when it cannot be read
 */
export async function readPublicKey(file: string): Promise<PublicSigningKey> {
  const publicKey = toPublicKey(parseSecretKey(await readFile(file, "utf8")));
  return { name: publicKey.name, publicKey: formatPublicKey(publicKey) };
}

/**
 * Reads the public half of a signing key that a command cannot do without.
 *
 * @param whenDenied what to do where this user may not read the file
 * @returns `<name>:<base64>`
 * @throws {@link CommandError} 1 when the file is no signing key, or cannot be read
 */
export async function requirePublicKey(file: string, whenDenied?: string): Promise<string> {
  try {
    return (await readPublicKey(file)).publicKey;
  } catch (cause) {
    const remedy = whenDenied !== undefined && isErrno(cause, "EACCES") ? `: ${whenDenied}` : "";
    const message = `the signing key cannot be used: ${file}: ${reasonOf(cause)}${remedy}`;
    throw new CommandError(message, EXIT.failed, { cause });
  }
}
