import { ByteReader } from "./byte-reader.ts";
import { decodeWith } from "./decode.ts";
import type { ByteChunks } from "./decode.ts";
import type { NarEvent } from "./event.ts";
import { decodeUtf8 } from "./utf8.ts";

/** A regular file of a listing. */
export interface RegularListing {
  readonly type: "regular";
  /** Bytes of its contents. */
  readonly size: number;
  /** Left out when the file is not executable. */
  readonly executable?: true;
  /** Byte of the uncompressed NAR at which its contents begin. */
  readonly narOffset: number;
}

/** A symbolic link of a listing. */
export interface SymlinkListing {
  readonly type: "symlink";
  readonly target: string;
}

/** A directory of a listing. */
export interface DirectoryListing {
  readonly type: "directory";
  readonly entries: Readonly<Record<string, NarListingNode>>;
}

/** A node of a listing. */
export type NarListingNode = RegularListing | SymlinkListing | DirectoryListing;

/** What a binary cache serves as `<hash part>.ls`. */
export interface NarListing {
  readonly version: 1;
  readonly root: NarListingNode;
}

type Entries = Record<string, NarListingNode>;

/**
 * Lists a NAR as `nix nar ls --json --recursive` does. Contents are read and dropped; the listing is held in memory.
 * @param chunks the whole NAR and nothing after it
 * @returns the listing, ready for JSON.stringify
 * @throws NarError any code of a malformed NAR (README), ERR_NAR_TRAILING, and ERR_NAR_NOT_UTF8 for a name or target
 *   that JSON cannot hold
 * @throws TypeError when a chunk is not a Uint8Array
 * @example
 * const { root } = await listNar(createReadStream("hello.nar"));
 * @see https://nix.dev/manual/nix/latest/protocols/json/
 */
export async function listNar(chunks: ByteChunks): Promise<NarListing> {
  const reader = new ByteReader();
  // Stands in until the root is read; a NAR that is decoded without an error has one.
  const listing = { root: { type: "directory", entries: {} } as NarListingNode };
  const open: Entries[] = [listing];
  let name = "root";
  for await (const event of decodeWith(reader, chunks, "refuse")) {
    const offset = reader.position;
    const node = nodeOf(event, offset);
    const parent = open.at(-1);
    if (node !== undefined && parent !== undefined) setEntry(parent, name, node);
    if (node?.type === "directory") open.push(node.entries);
    if (event.type === "entry") name = decodeUtf8(event.name, "name", offset);
    if (event.type === "end") open.pop();
  }
  return { version: 1, root: listing.root };
}

function nodeOf(event: NarEvent, offset: number): NarListingNode | undefined {
  switch (event.type) {
    case "directory":
      return { type: "directory", entries: {} };
    case "regular": {
      // The reader stands behind the size, where the contents begin.
      const node = { type: "regular", size: event.size, narOffset: offset } as const;
      return event.executable ? { ...node, executable: true } : node;
    }
    case "symlink":
      return { type: "symlink", target: decodeUtf8(event.target, "symlink target", offset) };
    default:
      return undefined;
  }
}

/** Sets like JSON.parse does: a file named `__proto__` becomes an entry, and no prototype. */
function setEntry(entries: Entries, name: string, node: NarListingNode): void {
  Object.defineProperty(entries, name, { value: node, enumerable: true, configurable: true, writable: true });
}
