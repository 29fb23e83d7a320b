import { decodeBase64, encodeBase64 } from "./base64.ts";
import { derivePublicKey, PUBLIC_KEY_BYTES, SEED_BYTES } from "./ed25519.ts";
import { NarInfoError } from "./errors.ts";
import { assertString } from "./text.ts";

/** A colon ends the name, a space the entry in trusted-public-keys, a line feed the line of a narinfo. */
const KEY_NAME = /^[^\s:\p{Cc}]+$/u;

/** A public key. */
export interface PublicKey {
  readonly name: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** A secret key. The seed is not enumerable, so that JSON, logs, spreading and structured cloning leave it out. */
export interface SecretKey {
  readonly name: string;
  /** 32 bytes, secret. */
  readonly seed: Uint8Array;
  /** 32 bytes, derived from the seed. */
  readonly publicKey: Uint8Array;
}

/**
 * Reads a secret key as `nix-store --generate-binary-cache-key` writes it. Whitespace after it is ignored.
 *
 * @param text `<name>:<base64 of 64 bytes>`: the seed, then the public key
 * @throws {NarInfoError} ERR_NARINFO_KEY, also when the public key does not belong to the seed
 * @example
 * const secretKey = parseSecretKey(await readFile("/run/secrets/nix-cache-priv-key", "utf8"));
 * @see SecretKey in Nix's src/libutil/signature/local-keys.cc
 */
export function parseSecretKey(text: string): SecretKey {
  const { name, bytes } = parseKey(text, { kind: "secret", size: SEED_BYTES + PUBLIC_KEY_BYTES });
  const secretKey = createSecretKey(name, bytes.subarray(0, SEED_BYTES));
  if (secretKey.publicKey.some((byte, index) => byte !== bytes[SEED_BYTES + index])) {
    // Nix would sign with such a key, and no client would ever accept the signatures.
    throw new NarInfoError("ERR_NARINFO_KEY", "expected a secret key whose public half belongs to its seed");
  }
  return secretKey;
}

/**
 * Reads a public key as it stands in `trusted-public-keys`. Whitespace after it is ignored.
 *
 * @param text `<name>:<base64 of 32 bytes>`
 * @throws {NarInfoError} ERR_NARINFO_KEY
 * @example
 * const publicKey = parsePublicKey("cache.example.org-1:oq+sLa+OAmgX68dsn4NLZMO/KxvIEwa5HVcjPoE4LnE=");
 */
export function parsePublicKey(text: string): PublicKey {
  return parseKey(text, { kind: "public", size: PUBLIC_KEY_BYTES });
}

/**
 * Writes a secret key as Nix does, without a line feed. Its file wants mode 0600.
 *
 * @throws {TypeError} when the key has lost its seed
 * @example
 * await writeFile("cache.secret", formatSecretKey(secretKey), { mode: 0o600 });
 */
export function formatSecretKey(secretKey: SecretKey): string {
  return `${secretKey.name}:${encodeBase64(Uint8Array.of(...seedOf(secretKey), ...secretKey.publicKey))}`;
}

/**
 * Writes a public key as it goes into `trusted-public-keys`.
 *
 * @example
 * formatPublicKey(toPublicKey(secretKey)); // "cache.example.org-1:oq+sLa+OAmgX68dsn4NLZMO/KxvIEwa5HVcjPoE4LnE="
 */
export function formatPublicKey({ name, bytes }: PublicKey): string {
  return `${name}:${encodeBase64(bytes)}`;
}

/**
 * Makes a secret key of a seed. This package has no source of random bytes: the caller does.
 *
 * @param name by custom the cache's host name and a number: `cache.example.org-1`
 * @param seed 32 bytes from a cryptographic random source; they are copied
 * @throws {RangeError} when the name is empty or has a colon, whitespace or a control character
 * @throws {TypeError | RangeError} when the seed is not 32 bytes
 * @example
 * const secretKey = generateSecretKey("cache.example.org-1", crypto.getRandomValues(new Uint8Array(32)));
 */
export function generateSecretKey(name: string, seed: Uint8Array): SecretKey {
  assertKeyName(name);
  if (!(seed instanceof Uint8Array))
    throw new TypeError(`expected seed to be a Uint8Array, got ${typeof seed}`);
  if (seed.length !== SEED_BYTES) throw new RangeError(`expected a seed of 32 bytes, got ${seed.length}`);
  return createSecretKey(name, seed);
}

/** Gives the public key that verifies what a secret key signs. */
export function toPublicKey({ name, publicKey }: SecretKey): PublicKey {
  return { name, bytes: publicKey };
}

/** Gives the seed, which a secret key loses where it is spread or cloned. */
export function seedOf({ seed }: SecretKey): Uint8Array {
  if (!(seed instanceof Uint8Array)) throw new TypeError("expected a secret key with its seed");
  return seed;
}

/** Checks a name, and does not repeat it: a caller may have taken the key for its name. */
export function assertKeyName(name: string): void {
  assertString(name, "name");
  if (!KEY_NAME.test(name))
    throw new RangeError("expected a key name without colon, whitespace or control character");
}

function createSecretKey(name: string, seed: Uint8Array): SecretKey {
  const secretKey = { name, seed: seed.slice(), publicKey: derivePublicKey(seed) };
  return Object.defineProperty(secretKey, "seed", { enumerable: false });
}

function parseKey(text: string, expected: { kind: "public" | "secret"; size: number }): PublicKey {
  assertString(text, "key");
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0));
  const bytes = decodeBase64(text.slice(colon + 1));
  if (!KEY_NAME.test(name) || bytes?.length !== expected.size) {
    // Nothing of the text is repeated: without a name, the key stands where the name should.
    const message = `expected a ${expected.kind} key, <name>:<base64 of ${expected.size} bytes>`;
    throw new NarInfoError("ERR_NARINFO_KEY", message);
  }
  return { name, bytes };
}
