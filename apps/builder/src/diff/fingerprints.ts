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
  const contents = new Map<string, string>();

  const contentOf = async (file: string, text: string, depth: number): Promise<string> => {
    const known = contents.get(file);
    if (known !== undefined) return known;
    const pieces: string[] = [];
    let end = 0;
    for (const match of text.matchAll(paths)) {
      pieces.push(text.slice(end, match.index), await contentOfNamed(file, match, depth + 1));
      end = match.index + match[0].length;
    }
    const content = hash([...pieces, text.slice(end)].join(""));
    contents.set(file, content);
    return content;
  };

  const contentOfNamed = async (from: string, match: RegExpExecArray, depth: number): Promise<string> => {
    const [path, storePath = "", fullName = "", below = ""] = match;
    const { name, version } = parsePackageName(fullName);
    const isOwn = `${from}/`.startsWith(`${storePath}/`);
    if (version !== "" || isOwn || depth > MAX_DEPTH) return name + below;
    const entry = await files.resolve(path);
    const text = entry.type === "file" ? await files.read(entry.path, MAX_NAMED_BYTES) : undefined;
    if (entry.type !== "file" || text === undefined) return name + below;
    return `${name}${below}\0${await contentOf(entry.path, text, depth)}\0`;
  };

  const ofText = (text: string): FileFingerprint => ({
    exact: hash(text),
    content: hash(text.replace(paths, (...match: readonly string[]) => nameOf(match))),
  });
  return {
    ofFile: async (path) => {
      const text = await files.read(path, MAX_FILE_BYTES);
      if (text === undefined) return ofText(path);
      return { exact: hash(text), content: await contentOf(path, text, 0) };
    },
    ofText,
  };
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
  return createHash("sha256").update(text, "latin1").digest("base64url");
}
