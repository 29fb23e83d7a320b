import { NarInfoError } from "./errors.ts";
import { excerpt } from "./text.ts";

const COMPRESSIONS = [
  "none",
  "xz",
  "bzip2",
  "zstd",
  "gzip",
  "br",
  "lzma",
  "lz4",
  "lzip",
  "lzop",
  "lrzip",
  "grzip",
  "compress",
] as const;

/** How the file at a narinfo's URL is compressed: the names that every version of Nix takes. */
export type Compression = (typeof COMPRESSIONS)[number];

/** What Nix reads from a narinfo that names no compression. */
export const DEFAULT_COMPRESSION: Compression = "bzip2";

/**
 * Checks a compression name. Nix up to 2.34 takes any text here and fails, or aborts, at the download.
 *
 * @throws {NarInfoError} ERR_NARINFO_COMPRESSION
 */
export function parseCompression(text: string): Compression {
  const compression = COMPRESSIONS.find((name) => name === text);
  if (compression === undefined) {
    const message = `expected one of ${COMPRESSIONS.join(", ")}, got ${excerpt(text)}`;
    throw new NarInfoError("ERR_NARINFO_COMPRESSION", message);
  }
  return compression;
}
