import { NarInfoError } from "./errors.ts";
import { assertString, excerpt } from "./text.ts";

/** Nix's store directory, unless its build or NIX_STORE_DIR says otherwise. */
const DEFAULT_STORE_DIR = "/nix/store";

/** Absolute, no empty component, no trailing slash, printable. */
const STORE_DIR = /^(?:\/[^/\p{Cc}]+)+$/u;

/** 160 bits in nix base 32 and the name; 211 is StorePath::MaxPathLen in Nix. */
const BASE_NAME = /^([0-9abcdfghijklmnpqrsvwxyz]{32})-([0-9A-Za-z+\-._?=]{1,211})$/;

/** Names that Nix refuses since 2.26, though older stores may hold them: `.`, `..`, `.-x`, `..-x`. */
const DOT_NAME = /^\.\.?(?:-|$)/;

/** A store path, taken apart. */
export interface StorePath {
  /** Absolute, without a trailing slash. */
  readonly storeDir: string;
  /** 32 characters of nix base 32. */
  readonly hashPart: string;
  /** 1 to 211 characters of `0-9A-Za-z+-._?=`. */
  readonly name: string;
}

/** Which store a path belongs to. */
export interface StoreDirOptions {
  /** Absolute path without a trailing slash; `/nix/store` by default. */
  readonly storeDir?: string;
}

/**
 * Takes a store path apart: `<storeDir>/<hashPart>-<name>`, with nothing below it and no trailing slash.
 *
 * @throws {NarInfoError} ERR_NARINFO_STORE_PATH
 * @throws {RangeError} when `storeDir` is not an absolute path without a trailing slash
 * @example
 * parseStorePath("/nix/store/552hbm8si9y1d090nnlqs6misr8qcly8-hello-2.12").name; // "hello-2.12"
 * @see the Nix manual, "Store Path"
 */
export function parseStorePath(path: string, options: StoreDirOptions = {}): StorePath {
  const storeDir = checkedStoreDir(options);
  return { storeDir, ...parseBaseName(baseNameIn(storeDir, path)) };
}

/** Finds the store directory of a path: what precedes its last slash. */
export function storeDirOf(path: string): string {
  assertString(path, "path");
  const storeDir = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  if (!STORE_DIR.test(storeDir)) throw refuse("an absolute path", path);
  return storeDir;
}

/** Checks a full store path, and gives it back. */
export function checkedStorePath(path: string, storeDir: string): string {
  parseBaseName(baseNameIn(storeDir, path));
  return path;
}

/** Checks a base name, and gives it back. */
export function checkedBaseName(baseName: string): string {
  parseBaseName(baseName);
  return baseName;
}

/** Gives the store directory that options name, or the default. */
export function checkedStoreDir({ storeDir = DEFAULT_STORE_DIR }: StoreDirOptions): string {
  assertString(storeDir, "storeDir");
  if (!STORE_DIR.test(storeDir)) {
    throw new RangeError(
      `expected storeDir to be an absolute path without a trailing slash, got ${excerpt(storeDir)}`,
    );
  }
  return storeDir;
}

function baseNameIn(storeDir: string, path: string): string {
  assertString(path, "path");
  if (!path.startsWith(`${storeDir}/`)) throw refuse(`a path in ${storeDir}`, path);
  return path.slice(storeDir.length + 1);
}

function parseBaseName(baseName: string): Pick<StorePath, "hashPart" | "name"> {
  const [, hashPart, name] = BASE_NAME.exec(baseName) ?? [];
  if (hashPart === undefined || name === undefined || DOT_NAME.test(name)) {
    throw refuse("<32 characters of nix base 32>-<name>", baseName);
  }
  return { hashPart, name };
}

function refuse(expected: string, found: string): NarInfoError {
  return new NarInfoError("ERR_NARINFO_STORE_PATH", `expected ${expected}, got ${excerpt(found)}`);
}
