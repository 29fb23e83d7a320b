import { readFileSync } from "node:fs";

import type { NarListingNode } from "../src/index.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);

/** Text of a vector: as it is, or in base64 where it is not UTF-8. */
export type VectorText = string | { readonly base64: string };

/** A tree of a vector, which may be made on disk. */
export type VectorTree =
  | {
      readonly type: "regular";
      readonly mode: string;
      readonly executable: boolean;
      readonly contents: VectorText;
    }
  | { readonly type: "symlink"; readonly target: VectorText }
  | {
      readonly type: "directory";
      readonly entries: readonly { readonly name: VectorText; readonly node: VectorTree }[];
    };

/** A NAR that Nix 2.8.0, 2.26.3 and 2.34.8 write alike. */
export interface ValidVector {
  readonly id: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly tree: VectorTree;
}

/** A malformed NAR and what is required of a reader. */
export interface InvalidVector {
  readonly id: string;
  readonly file: string;
  readonly required: string;
}

/** A NAR and the listing of its root; without `all` where Nix cannot list it. */
export interface ListingVector {
  readonly id: string;
  readonly nar: string;
  readonly all?: NarListingNode;
}

export const VALID_VECTORS: readonly ValidVector[] = JSON.parse(readText("nar/valid.json"));
export const INVALID_VECTORS: readonly InvalidVector[] = JSON.parse(readText("nar/invalid.json"));
export const LISTING_VECTORS: readonly ListingVector[] = JSON.parse(readText("ls/vectors.json"));

/** Reads a fixture by the path that its vector gives. */
export function readFixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, FIXTURES)));
}

/** Returns the bytes of a vector's text. */
export function bytesOf(text: VectorText): Buffer {
  return typeof text === "string" ? Buffer.from(text) : Buffer.from(text.base64, "base64");
}

function readText(path: string): string {
  return readFileSync(new URL(path, FIXTURES), "utf8");
}
