export { decodeNar } from "./decode.ts";
export type { ByteChunks } from "./decode.ts";
export { encodeNar } from "./encode.ts";
export { NarError } from "./error.ts";
export type { NarErrorCode, NarErrorFacts } from "./error.ts";
export type {
  ContentsEvent,
  DirectoryEvent,
  EndEvent,
  EntryEvent,
  NarEvent,
  RegularEvent,
  SymlinkEvent,
} from "./event.ts";
export { listNar } from "./listing.ts";
export type {
  DirectoryListing,
  NarListing,
  NarListingNode,
  RegularListing,
  SymlinkListing,
} from "./listing.ts";
