import { NarError } from "./error.ts";
import type { NarErrorFacts } from "./error.ts";
import { MAX_DEPTH, MAX_NAME_BYTES, MAX_TARGET_BYTES } from "./wire.ts";

const NUL = 0x00;
const DOT = 0x2e;
const SLASH = 0x2f;

/**
 * Refuses a name that could leave its directory, or that no file can have.
 * @throws NarError ERR_NAR_NAME, ERR_NAR_TOO_LONG
 */
export function checkName(name: Uint8Array, facts: NarErrorFacts = {}): void {
  if (name.length > MAX_NAME_BYTES) {
    throw new NarError("ERR_NAR_TOO_LONG", tooLong("name", MAX_NAME_BYTES, name.length), facts);
  }
  const fault = faultOfName(name);
  if (fault !== undefined) throw new NarError("ERR_NAR_NAME", `expected a file name, got ${fault}`, facts);
}

function faultOfName(name: Uint8Array): string | undefined {
  if (name.length === 0) return "an empty one";
  if (name[0] === DOT && name.length === 1) return '"."';
  if (name[0] === DOT && name[1] === DOT && name.length === 2) return '".."';
  if (name.includes(SLASH)) return "one with a slash";
  if (name.includes(NUL)) return "one with a NUL";
  return undefined;
}

/**
 * Refuses a name that does not come after the one before it, which covers duplicates.
 * @throws NarError ERR_NAR_ORDER
 */
export function checkOrder(previous: Uint8Array, name: Uint8Array, facts: NarErrorFacts = {}): void {
  if (compareBytes(previous, name) >= 0) {
    throw new NarError("ERR_NAR_ORDER", "expected names in ascending byte order, each once", facts);
  }
}

/** Orders bytes as Nix orders names: unsigned, the shorter first. Neither UTF-16 nor any locale does. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Refuses a target that no symbolic link can have.
 * @throws NarError ERR_NAR_TARGET, ERR_NAR_TOO_LONG
 */
export function checkTarget(target: Uint8Array, facts: NarErrorFacts = {}): void {
  if (target.length > MAX_TARGET_BYTES) {
    throw new NarError("ERR_NAR_TOO_LONG", tooLong("symlink target", MAX_TARGET_BYTES, target.length), facts);
  }
  const fault = faultOfTarget(target);
  if (fault !== undefined)
    throw new NarError("ERR_NAR_TARGET", `expected a symlink target, got ${fault}`, facts);
}

function faultOfTarget(target: Uint8Array): string | undefined {
  if (target.length === 0) return "an empty one";
  if (target.includes(NUL)) return "one with a NUL";
  return undefined;
}

/**
 * Refuses a node with too many directories above it.
 * @throws NarError ERR_NAR_DEPTH
 */
export function checkDepth(depth: number, facts: NarErrorFacts = {}): void {
  if (depth >= MAX_DEPTH) {
    throw new NarError("ERR_NAR_DEPTH", `expected fewer than ${MAX_DEPTH} nested directories`, facts);
  }
}

/** Says that a length exceeds its limit. */
export function tooLong(what: string, limit: number, length: number): string {
  return `expected a ${what} of at most ${limit} bytes, got ${length}`;
}

/**
 * Refuses a chunk or field that is not bytes, such as the strings of a stream with an encoding.
 * @throws TypeError naming what it is and the value's kind
 */
export function checkBytes(value: unknown, what: string): asserts value is Uint8Array {
  if (value instanceof Uint8Array) return;
  throw new TypeError(`${what} must be a Uint8Array, got ${kindOf(value)}`);
}

/** Names the kind of a value for a message, and never the value. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
}
