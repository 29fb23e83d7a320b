import { NarInfoError } from "@nix-cache/narinfo";

import { readPublicKey } from "../keys/read-public-key.ts";
import type { DoctorContext } from "./doctor-context.ts";

/** The public key that clients trust; undefined where it cannot be read, for which the check of the key says why. */
export async function tryReadPublicKey({ serviceConfig }: DoctorContext): Promise<string | undefined> {
  try {
    return (await readPublicKey(serviceConfig.builder.signingKeyFile)).publicKey;
  } catch (error) {
    if (error instanceof NarInfoError || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}
