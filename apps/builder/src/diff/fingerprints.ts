import { createHash } from "node:crypto";

import { type FileFingerprint, parsePackageName } from "@nix-cache/closure-diff";

import type { StoreFiles } from "./store-files.ts";

/** Larger files are told apart by their store path alone. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Larger files that a text names are programs, not scripts or settings. */
const MAX_NAMED_BYTES = 64 * 1024;

/** A unit names a script, that one a file of settings, …; paths of a sound store cannot name each other for ever. */
const MAX_DEPTH = 8;

/** Tells versions of files apart. */
export interface Fingerprints {
  /** By what is in a file. */
  readonly ofFile: (path: string) => Promise<FileFingerprint>;
  /** By a text that names a store path, such as the target of a link. */
  readonly ofText: (text: string) => FileFingerprint;
}

/**
 * Prepares to take fingerprints. The content of a file is its text with every store path in it replaced by what does not
 * change when that is rebuilt: the name of a package, whose versions are told elsewhere; but for a path without a
 * version, which holds a script or settings generated from the system's configuration, what that file has in it.
 */
export function createFingerprints(files: StoreFiles, storeDir: string): Fingerprints {
  const paths = createPathPattern(storeDir);
  const reading: Reading = { files, paths, contents: new Map() };
  const ofText = (text: string): FileFingerprint => ({
    exact: hash(text),
    content: hash(text.replace(paths, (...match: readonly string[]) => nameOf(match))),
  });
  return {
    ofFile: async (file) => {
      const text = await files.read(file, MAX_FILE_BYTES);
      if (text === undefined) return ofText(file);
      return { exact: hash(text), content: await contentOf(reading, file, { text, depth: 0 }) };
    },
    ofText,
  };
}

interface Reading {
  readonly files: StoreFiles;
  readonly paths: RegExp;
  /** By file; many units name the same. */
  readonly contents: Map<string, string>;
}

/** The text of a file, and how many files named it one after the other. */
interface Found {
  readonly text: string;
  readonly depth: number;
}

async function contentOf(reading: Reading, file: string, { text, depth }: Found): Promise<string> {
  const known = reading.contents.get(file);
  if (known !== undefined) return known;
  const pieces: string[] = [];
  let end = 0;
  for (const match of text.matchAll(reading.paths)) {
    const named = isFollowed(match, file, depth) ? await contentOfNamed(reading, match[0], depth + 1) : "";
    pieces.push(text.slice(end, match.index), nameOf(match), named);
    end = match.index + match[0].length;
  }
  const content = hash([...pieces, text.slice(end)].join(""));
  reading.contents.set(file, content);
  return content;
}

/** A file has no content that depends on its own, and a package none but its version. */
function isFollowed(
  [, storePath = "", fullName = ""]: RegExpExecArray,
  file: string,
  depth: number,
): boolean {
  const isOwn = `${file}/`.startsWith(`${storePath}/`);
  return !isOwn && depth < MAX_DEPTH && parsePackageName(fullName).version === "";
}

/** The content of the file that a path leads to, told from text around it; empty where it is none to be read. */
async function contentOfNamed(reading: Reading, path: string, depth: number): Promise<string> {
  const { files, contents } = reading;
  const entry = await files.resolve(path);
  if (entry.type !== "file") return "";
  const known = contents.get(entry.path);
  if (known !== undefined) return `\0${known}`;
  const text = await files.read(entry.path, MAX_NAMED_BYTES);
  return text === undefined ? "" : `\0${await contentOf(reading, entry.path, { text, depth })}`;
}

/** Finds a path in a store: the store path, its name, what is below it. */
function createPathPattern(storeDir: string): RegExp {
  const hashPart = "[0-9abcdfghijklmnpqrsvwxyz]{32}";
  return new RegExp(`(${RegExp.escape(storeDir)}/${hashPart}-([\\w+.?=-]+))((?:/[\\w+.?=@%-]+)*)`, "g");
}

function nameOf([, , fullName = "", below = ""]: readonly string[]): string {
  return parsePackageName(fullName).name + below;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
