import { lstat, readdir, readlink } from "node:fs/promises";

import { isErrno } from "../errno.ts";
import { readBounded } from "./read-bounded.ts";
import { resolveInStore, type StoreEntry, type StoreNode } from "./resolve-in-store.ts";

/** Where a store is. */
export interface StoreLocation {
  /** Logical directory, which links in the store point to. */
  readonly storeDir: string;
  /** Directory where its files are. */
  readonly realStoreDir: string;
}

/** Options of {@link createStoreFiles}. */
export interface StoreFilesOptions extends StoreLocation {
  /** Directory entries, looked up or listed, before it gives up. */
  readonly maxEntries: number;
  /** Bytes of files before it gives up. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the files of a store by their logical paths. */
export interface StoreFiles {
  /** Reads where a link points; undefined when there is none, or something else. */
  readonly readLink: (path: string) => Promise<string | undefined>;
  /** Follows every link of a path, by what it means in the store. */
  readonly resolve: (path: string) => Promise<StoreEntry>;
  /** Names in a directory, in order. */
  readonly list: (directory: string) => Promise<readonly string[]>;
  /** Reads a file as one character per byte; undefined when it is larger than so many bytes. */
  readonly read: (file: string, maxBytes: number) => Promise<string | undefined>;
}

/** Says that there is more in the files of a store than anyone wants to read. */
export class StoreFilesLimitError extends Error {
  override readonly name = "StoreFilesLimitError";
}

/** Prepares to read the files of a store; each entry is looked up once, as no path of a store ever changes. */
export function createStoreFiles(options: StoreFilesOptions): StoreFiles {
  const { storeDir, realStoreDir, signal } = options;
  const nodes = new Map<string, StoreNode>();
  const real = (path: string): string => realStoreDir + path.slice(storeDir.length);
  const spendEntries = createBudget(options.maxEntries, "directory entries");
  const spendBytes = createBudget(options.maxBytes, "bytes of files");
  const lookUp = async (path: string): Promise<StoreNode> => {
    const known = nodes.get(path);
    if (known !== undefined) return known;
    signal?.throwIfAborted();
    spendEntries(1);
    const node = await readNode(real(path));
    nodes.set(path, node);
    return node;
  };
  return {
    readLink: async (path) => {
      const node = await lookUp(path);
      return node.type === "link" ? node.target : undefined;
    },
    resolve: (path) => resolveInStore(path, storeDir, lookUp),
    list: async (directory) => {
      const names = await readdir(real(directory));
      spendEntries(names.length);
      return names.toSorted();
    },
    read: async (file, maxBytes) => {
      signal?.throwIfAborted();
      const text = await readBounded(real(file), maxBytes);
      spendBytes(text?.length ?? 0);
      return text;
    },
  };
}

function createBudget(limit: number, what: string): (spent: number) => void {
  let left = limit;
  return (spent) => {
    left -= spent;
    if (left < 0) throw new StoreFilesLimitError(`expected at most ${limit} ${what}, found more`);
  };
}

async function readNode(file: string): Promise<StoreNode> {
  try {
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) return { type: "link", target: await readlink(file) };
    if (stats.isDirectory()) return { type: "directory" };
    return { type: stats.isFile() ? "file" : "special" };
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return { type: "missing" };
    throw error;
  }
}
