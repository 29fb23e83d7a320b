import { NarInfoError } from "./errors.ts";
import { formatHash, parseHash } from "./hash.ts";
import { excerpt } from "./text.ts";

/**
 * A method, then a hash that is not SRI. Nix hashes texts with sha256 only, and refuses `fixed:git:` unless an
 * experimental feature is on.
 */
const CONTENT_ADDRESS = /^(text:(?=sha256:)|fixed:(?:r:)?)((?:md5|sha1|sha256|sha512):.*)$/;

/**
 * Rewrites a content address as Nix prints it: `text:`, `fixed:` or `fixed:r:`, then the hash in nix base 32.
 *
 * @throws {NarInfoError} ERR_NARINFO_CONTENT_ADDRESS, ERR_NARINFO_HASH
 * @see ContentAddress::parse in Nix's src/libstore/content-address.cc
 */
export function normalizeContentAddress(text: string): string {
  const [, method, hash] = CONTENT_ADDRESS.exec(text) ?? [];
  if (method === undefined || hash === undefined) {
    const message = `expected text:<sha256>, fixed:<hash> or fixed:r:<hash>, got ${excerpt(text)}`;
    throw new NarInfoError("ERR_NARINFO_CONTENT_ADDRESS", message);
  }
  return method + formatHash(parseHash(hash));
}
