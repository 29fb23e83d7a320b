import { normalizeNarHash } from "./hash.ts";
import type { FingerprintFields } from "./nar-info.ts";
import { assertNarSize } from "./size.ts";
import { sortedSet } from "./sorted-set.ts";
import { checkedStorePath, storeDirOf } from "./store-path.ts";

/**
 * Writes the text that signatures are made over: `1;<store path>;<NAR hash>;<NAR size>;<references>`. It covers
 * neither URL and compression nor deriver and content address: a cache may choose those freely.
 *
 * @throws {NarInfoError} ERR_NARINFO_STORE_PATH, ERR_NARINFO_HASH, ERR_NARINFO_SIZE
 * @example
 * fingerprint({ storePath, narHash: "sha256:…", narSize: 120, references: [] });
 * @see ValidPathInfo::fingerprint in Nix's src/libstore/path-info.cc
 */
export function fingerprint(info: FingerprintFields): string {
  const storeDir = storeDirOf(info.storePath);
  const storePath = checkedStorePath(info.storePath, storeDir);
  const narHash = normalizeNarHash(info.narHash);
  assertNarSize(info.narSize);
  const references = sortedSet(info.references.map((path) => checkedStorePath(path, storeDir)));
  return `1;${storePath};${narHash};${info.narSize};${references.join(",")}`;
}
