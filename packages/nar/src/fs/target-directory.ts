import { constants, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** Linux shows open descriptors here: a path through one reaches the directory itself, whatever its name leads to now. */
const DESCRIPTORS = "/proc/self/fd";

const OPEN_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

const SLASH = Buffer.from("/");

/** Where a node is made. */
export interface Place {
  /** What the system is told. */
  readonly at: Buffer;
  /** What people are told. */
  readonly path: Buffer;
}

/** A directory that is being filled. */
export interface TargetDirectory {
  readonly place: Place;
  readonly handle: FileHandle;
}

/**
 * Holds on to a directory that was just made, so that nobody can have its entries made elsewhere by putting a symbolic
 * link in its place. Where there is no /proc, entries are made by path, without that protection.
 */
export async function holdDirectory({ at, path }: Place): Promise<TargetDirectory> {
  const handle = await open(at, OPEN_FLAGS);
  const held = `${DESCRIPTORS}/${handle.fd}`;
  return { handle, place: { at: existsSync(held) ? Buffer.from(held) : at, path } };
}

/** Returns where an entry of a directory is made. */
export function placeOfEntry({ place }: TargetDirectory, name: Uint8Array): Place {
  return { at: Buffer.concat([place.at, SLASH, name]), path: Buffer.concat([place.path, SLASH, name]) };
}
