import type { Compression } from "./compression.ts";

/** The part of a narinfo that its signatures cover. */
export interface FingerprintFields {
  /** Full path: `/nix/store/<hash part>-<name>`. */
  readonly storePath: string;
  /** SHA-256 of the NAR: `sha256:<nix base 32>` when parsed, any form of Nix when given. */
  readonly narHash: string;
  /** Bytes of the uncompressed NAR, 1 to 2^53 - 1. */
  readonly narSize: number;
  /** Full paths in the same store directory; sorted by bytes, each once, when parsed; any order when given. */
  readonly references: readonly string[];
}

/** What a narinfo file says of one store path. */
export interface NarInfo extends FingerprintFields {
  /** Where the file with the NAR is, relative to the cache. */
  readonly url: string;
  /** How that file is compressed. */
  readonly compression: Compression;
  /** Hash of that file: `<algorithm>:<nix base 32>` when parsed, any form when given. Clients ignore it. */
  readonly fileHash?: string;
  /** Bytes of that file. Clients only display it. */
  readonly fileSize?: number;
  /** Full path of the derivation that built the path. */
  readonly deriver?: string;
  /** `<key name>:<base64>` each; sorted by bytes, each once, when parsed; any order when given. */
  readonly signatures: readonly string[];
  /** Content address, as in `fixed:r:sha256:<nix base 32>`. */
  readonly ca?: string;
}
