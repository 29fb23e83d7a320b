export { type CacheInfo, formatCacheInfo, parseCacheInfo } from "./cache-info.ts";
export type { Compression } from "./compression.ts";
export { NarInfoError, type NarInfoErrorCode } from "./errors.ts";
export { fingerprint } from "./fingerprint.ts";
export { formatNarInfo } from "./format-nar-info.ts";
export { formatHash, type Hash, parseHash } from "./hash.ts";
export {
  formatPublicKey,
  formatSecretKey,
  generateSecretKey,
  parsePublicKey,
  parseSecretKey,
  type PublicKey,
  type SecretKey,
  toPublicKey,
} from "./keys.ts";
export type { FingerprintFields, NarInfo } from "./nar-info.ts";
export { decodeNixBase32, encodeNixBase32 } from "./nix-base32.ts";
export { parseNarInfo } from "./parse-nar-info.ts";
export { type Signer, signNarInfo } from "./sign.ts";
export { parseStorePath, type StorePath } from "./store-path.ts";
export { type TrustedKey, type Verifier, verifyNarInfo } from "./verify.ts";
