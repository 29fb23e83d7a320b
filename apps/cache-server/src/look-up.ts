import type { PathInfo, StoreDb } from "@nix-cache/store-db";

/** Finds the path of a hash part, if it is there and may be served. */
export type LookUp = (hashPart: string) => PathInfo | undefined;

/**
 * Makes the look-up behind every answer about a store path.
 *
 * @param isServed which valid paths may be served
 */
export function createLookUp(
  storeDb: Pick<StoreDb, "pathFromHashPart" | "pathInfo">,
  isServed: (path: string) => boolean,
): LookUp {
  return (hashPart) => {
    const path = storeDb.pathFromHashPart(hashPart);
    return path === undefined || !isServed(path) ? undefined : storeDb.pathInfo(path);
  };
}
