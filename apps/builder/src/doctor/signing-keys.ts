import { readFile } from "node:fs/promises";

import { formatPublicKey, NarInfoError, parseSecretKey, toPublicKey } from "@nix-cache/narinfo";

import type { DoctorContext } from "./doctor-context.ts";

/** A signing key, without its secret. */
export interface PublicSigningKey {
  readonly name: string;
  /** `<name>:<base64>`, as it goes into trusted-public-keys. */
  readonly publicKey: string;
}

/**
 * Reads the public half of a signing key.
 *
 * @throws {@link NarInfoError} when it is none; an error of the system when it cannot be read
 */
export async function readPublicKey(file: string): Promise<PublicSigningKey> {
  const publicKey = toPublicKey(parseSecretKey(await readFile(file, "utf8")));
  return { name: publicKey.name, publicKey: formatPublicKey(publicKey) };
}

/** The public key that clients trust; undefined where it cannot be read, for which the check of the key says why. */
export async function tryReadPublicKey({ serviceConfig }: DoctorContext): Promise<string | undefined> {
  try {
    return (await readPublicKey(serviceConfig.builder.signingKeyFile)).publicKey;
  } catch (error) {
    if (error instanceof NarInfoError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}
