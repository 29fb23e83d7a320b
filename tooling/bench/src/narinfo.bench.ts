import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

import {
  formatNarInfo,
  generateSecretKey,
  type NarInfo,
  parseNarInfo,
  type SecretKey,
  type Signer,
  signNarInfo,
  toPublicKey,
  type Verifier,
  verifyNarInfo,
} from "@nix-cache/narinfo";
import { Bench } from "tinybench";

import { printMachine } from "./print-machine.ts";

/** DER of everything that precedes the 32 bytes of an ed25519 seed and public key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

const NAR_HASH = "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
/** The made-up path refers to itself and to five more. */
const REFERENCES = 6;

const secretKey = generateSecretKey("cache.example.org-1", new Uint8Array(32).fill(7));
const publicKey = toPublicKey(secretKey);
const signer = createNodeSigner(secretKey);
const verifier = createNodeVerifier(secretKey);
const info = createNarInfo();
const text = formatNarInfo(info);

const bench = new Bench({ time: 1_000, warmupTime: 200 });
bench
  .add("split lines (reference)", () => text.split("\n").map((line) => line.split(": ")))
  .add("parseNarInfo", () => parseNarInfo(text))
  .add("formatNarInfo", () => formatNarInfo(info))
  .add("signNarInfo, node:crypto", () => signNarInfo(info, signer))
  .add("signNarInfo, built in", () => signNarInfo(info, secretKey))
  .add("verifyNarInfo, node:crypto", () => verifyNarInfo(info, [verifier]))
  .add("verifyNarInfo, built in", () => verifyNarInfo(info, [publicKey]));
await bench.run();

printMachine();
console.log(`narinfo of ${text.length} bytes with ${REFERENCES} references and 1 signature`);
const reference = microseconds("split lines (reference)");
for (const { name } of bench.tasks) {
  const us = microseconds(name);
  console.log(
    `${name.padEnd(28)}${us.toFixed(1).padStart(9)} us${(us / reference).toFixed(1).padStart(9)} x reference`,
  );
}
console.log(`sign, built in / node:crypto: ${ratio("signNarInfo").toFixed(1)}`);
console.log(`verify, built in / node:crypto: ${ratio("verifyNarInfo").toFixed(1)}`);

function microseconds(name: string): number {
  const result = bench.getTask(name)?.result;
  if (result?.state !== "completed") throw new Error(`${name} did not complete`);
  return result.latency.p50 * 1_000;
}

function ratio(name: string): number {
  return microseconds(`${name}, built in`) / microseconds(`${name}, node:crypto`);
}

function createNarInfo(): NarInfo {
  const references = Array.from(
    { length: REFERENCES },
    (_, n) => `/nix/store/${String(n).repeat(32)}-dependency-${n}.0`,
  );
  const fields = { storePath: references[0] ?? "", narHash: NAR_HASH, narSize: 123_456, references };
  return {
    ...fields,
    url: "nar/0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73.nar.zst",
    compression: "zstd",
    deriver: "/nix/store/00000000000000000000000000000000-dependency-0.0.drv",
    signatures: [signNarInfo(fields, secretKey)],
  };
}

function createNodeSigner({ name, seed }: SecretKey): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  return { name, sign: (message) => sign(null, message, key) };
}

function createNodeVerifier(pair: SecretKey): Verifier {
  const der = Buffer.concat([SPKI_PREFIX, pair.publicKey]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return { name: pair.name, verify: (message, signature) => verify(null, message, key, signature) };
}
