/** Nix's base-32 digits, as a class of a regular expression. */
const NIX32 = "[0-9abcdfghijklmnpqrsvwxyz]";

const FILE = new RegExp(
  `^(?:(?<hashPart>${NIX32}{32})(?:-(?<narHash>${NIX32}{52}))?|(?<ownHash>${NIX32}{52}))\\.nar$`,
);
const HASH_PART = new RegExp(`^${NIX32}{32}$`);

/** What the URL of a NAR says of it. */
export interface NarName {
  /** Hash part of the store path. */
  readonly hashPart: string;
  /** SHA-256 of the NAR in nix base 32; a URL of the oldest shape has none. */
  readonly narHash?: string;
}

/** Gives the URL of a NAR, relative to the cache. */
export function formatNarUrl({ hashPart, narHash }: Required<NarName>): string {
  return `nar/${hashPart}-${narHash}.nar`;
}

/**
 * Reads the URL of a NAR, in our shape or in those of other servers: clients keep a narinfo for 30 days, its URL
 * included, and so ask for the URLs of whatever served at this address before.
 *
 * @param file last segment of the path: `<hash part>-<NAR hash>.nar` (nix-serve and ours), `<hash part>.nar`
 *   (nix-serve of old) or `<NAR hash>.nar` (harmonia)
 * @param hash value of the query parameter `hash`: harmonia's hash part
 * @returns undefined when it is none of these
 */
export function parseNarUrl(file: string, hash: unknown): NarName | undefined {
  const { hashPart, narHash, ownHash } = FILE.exec(file)?.groups ?? {};
  if (hashPart !== undefined) return { hashPart, ...(narHash === undefined ? {} : { narHash }) };
  if (ownHash === undefined || typeof hash !== "string" || !HASH_PART.test(hash)) return undefined;
  return { hashPart: hash, narHash: ownHash };
}
