/** Opens a directory; its entries follow, then {@link EndEvent}. */
export interface DirectoryEvent {
  readonly type: "directory";
}

/** Names the next node of the open directory. Names are raw bytes, in strictly ascending byte order. */
export interface EntryEvent {
  readonly type: "entry";
  readonly name: Uint8Array;
}

/** Opens a regular file; {@link ContentsEvent}s of `size` bytes together follow, none when it is 0. */
export interface RegularEvent {
  readonly type: "regular";
  readonly executable: boolean;
  readonly size: number;
}

/** A part of the open file's contents. */
export interface ContentsEvent {
  readonly type: "contents";
  readonly chunk: Uint8Array;
}

/** A symbolic link. Targets are raw bytes and are never resolved. */
export interface SymlinkEvent {
  readonly type: "symlink";
  readonly target: Uint8Array;
}

/** Closes the open directory. */
export interface EndEvent {
  readonly type: "end";
}

/**
 * One step through a NAR, in the order of its bytes:
 *
 *     node      = regular contents* | symlink | directory { entry node } end
 */
export type NarEvent = DirectoryEvent | EntryEvent | RegularEvent | ContentsEvent | SymlinkEvent | EndEvent;
