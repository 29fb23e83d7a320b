import { decodeBase64 } from "./base64.ts";
import { NarInfoError } from "./errors.ts";
import { assertString, excerpt } from "./text.ts";

/** A signature, taken apart. Its bytes may be of any number but 0; only 64 can be verified. */
interface Signature {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Takes a signature apart. Nix since 2.34 refuses a whole narinfo for one malformed signature.
 *
 * @param text `<key name>:<base64>`, on one line
 * @throws {NarInfoError} ERR_NARINFO_SIGNATURE
 */
export function parseSignature(text: string): Signature {
  assertString(text, "signature");
  const colon = text.indexOf(":");
  const bytes = decodeBase64(text.slice(colon + 1));
  if (colon < 1 || text.includes("\n") || bytes === undefined || bytes.length === 0) {
    const message = `expected <key name>:<base64>, got ${excerpt(text)}`;
    throw new NarInfoError("ERR_NARINFO_SIGNATURE", message);
  }
  return { name: text.slice(0, colon), bytes };
}

/** Checks a signature, and gives it back as it is. */
export function checkedSignature(text: string): string {
  parseSignature(text);
  return text;
}
