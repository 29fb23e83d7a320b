import { type CacheInfo, NarInfoError, parseCacheInfo } from "@nix-cache/narinfo";

/** Reads a nix-cache-info; undefined for any other text, such as a web page. */
export function readCacheInfo(text: string): CacheInfo | undefined {
  try {
    const info = parseCacheInfo(text);
    return info.storeDir === undefined ? undefined : info;
  } catch (error) {
    if (error instanceof NarInfoError) return undefined;
    throw error;
  }
}
