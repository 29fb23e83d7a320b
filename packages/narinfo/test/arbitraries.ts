import * as fc from "fast-check";

import { encodeBase64 } from "../src/base64.ts";
import { formatHash, type HashAlgorithm } from "../src/hash.ts";
import type { Compression, NarInfo } from "../src/index.ts";

const STORE_DIR = "/nix/store";
const COMPRESSIONS: readonly Compression[] = ["none", "xz", "bzip2", "zstd", "gzip", "br", "lz4"];

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function hash(algorithm: HashAlgorithm, size: number): fc.Arbitrary<string> {
  return bytes(size).map((digest) => formatHash({ algorithm, bytes: digest }));
}

export const seeds: fc.Arbitrary<Uint8Array> = bytes(32);

export const keyNames: fc.Arbitrary<string> = fc.stringMatching(/^[0-9A-Za-z+\-._?=]{1,20}$/);

export const storePaths: fc.Arbitrary<string> = fc
  .stringMatching(/^[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+\-_?=][0-9A-Za-z+\-._?=]{0,210}$/)
  .map((baseName) => `${STORE_DIR}/${baseName}`);

const signatures = fc
  .tuple(keyNames, bytes(64))
  .map(([name, signature]) => `${name}:${encodeBase64(signature)}`);

const contentAddresses = fc.oneof(
  hash("sha256", 32).map((digest) => `text:${digest}`),
  hash("sha1", 20).map((digest) => `fixed:${digest}`),
  hash("sha512", 64).map((digest) => `fixed:r:${digest}`),
);

/** Narinfos in the form that parseNarInfo gives. */
export const narInfos: fc.Arbitrary<NarInfo> = fc.record(
  {
    storePath: storePaths,
    url: fc.string({ unit: "binary", minLength: 1 }).filter((url) => !url.includes("\n")),
    compression: fc.constantFrom(...COMPRESSIONS),
    fileHash: hash("sha256", 32),
    fileSize: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    narHash: hash("sha256", 32),
    narSize: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    references: fc.uniqueArray(storePaths, { maxLength: 5 }).map((paths) => paths.toSorted()),
    deriver: storePaths,
    signatures: fc.uniqueArray(signatures, { maxLength: 3 }).map((all) => all.toSorted()),
    ca: contentAddresses,
  },
  { requiredKeys: ["storePath", "url", "compression", "narHash", "narSize", "references", "signatures"] },
);
