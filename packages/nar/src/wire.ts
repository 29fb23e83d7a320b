/** Everything in a NAR is padded with zero bytes to a multiple of this. */
const ALIGNMENT = 8;

/** Longest tag that Nix 2.34 reads (narMaxTag in libutil/archive.cc). */
export const MAX_TAG_BYTES = 32;

/** Linux NAME_MAX; Nix 2.34 refuses longer names. */
export const MAX_NAME_BYTES = 255;

/** Linux PATH_MAX less its NUL; Nix 2.34 refuses longer targets. */
export const MAX_TARGET_BYTES = 4095;

/** Nix 2.34 refuses a node with this many directories above it (narMaxDepth). */
export const MAX_DEPTH = 64;

/** Returns how many zero bytes follow `size` bytes of payload: 0 to 7. */
export function paddingOf(size: number): number {
  // Not -size & 7: bitwise operators cut a size above 2^31.
  return (ALIGNMENT - (size % ALIGNMENT)) % ALIGNMENT;
}

/** Encodes ASCII strings as a NAR does, one after the other: u64le length, bytes, zero padding. */
export function encodeStrings(...texts: readonly string[]): Uint8Array {
  const sizes = texts.map((text) => ALIGNMENT + text.length + paddingOf(text.length));
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    bytes[at] = text.length;
    for (let i = 0; i < text.length; i++) bytes[at + ALIGNMENT + i] = text.charCodeAt(i);
    at += sizes[index] ?? 0;
  }
  return bytes;
}

/** Names of {@link WIRE}. */
type WireRun = "magic" | "directory" | "entry" | "node" | "regular" | "executable" | "symlink" | "close";

/** The fixed runs of strings between a NAR's variable fields. */
export const WIRE: Readonly<Record<WireRun, Uint8Array>> = {
  magic: encodeStrings("nix-archive-1"),
  directory: encodeStrings("(", "type", "directory"),
  entry: encodeStrings("entry", "(", "name"),
  node: encodeStrings("node"),
  regular: encodeStrings("(", "type", "regular", "contents"),
  executable: encodeStrings("(", "type", "regular", "executable", "", "contents"),
  symlink: encodeStrings("(", "type", "symlink", "target"),
  close: encodeStrings(")"),
};
