import * as git from "isomorphic-git";

import { GitSyncError, messageOf } from "../errors.ts";
import { gitFileSystem } from "./git-fs.ts";

/** What gitsync needs to know of a commit. */
export interface Commit {
  /** Full object name, 40 hexadecimal digits. */
  readonly revision: string;
  /** Object name of its tree. */
  readonly tree: string;
  /** The committer's time. */
  readonly commitTime: Date;
}

/** Reads the objects of one repository; each method throws ERR_GITSYNC_CORRUPT for any that cannot be read. */
export interface ObjectReader {
  readonly readCommit: (revision: string) => Promise<Commit>;
  readonly readTree: (oid: string) => Promise<Uint8Array>;
  /** Reads blobs one after the other, in the order that was asked for. */
  readonly readBlobs: (oids: readonly string[]) => AsyncGenerator<Uint8Array>;
}

/** Largest second that both a git index and a Date hold: 2106. */
const MAX_SECONDS = 2 ** 32 - 1;

/**
 * Creates a reader of the objects in a .git directory by isomorphic-git, which reads each pack once and whole.
 *
 * @param gitDir the .git directory
 */
export function createObjectReader(gitDir: string): ObjectReader {
  const cache = {};
  const read = async (oid: string, type: "tree" | "blob" | "commit"): Promise<Uint8Array> => {
    const result = await orCorrupt(oid, () =>
      git.readObject({ fs: gitFileSystem, gitdir: gitDir, cache, oid, format: "content" }),
    );
    if (result.type !== type || !(result.object instanceof Uint8Array)) {
      throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected ${oid} to be a ${type}, got a ${result.type}`);
    }
    return result.object;
  };
  return {
    readTree: (oid) => read(oid, "tree"),
    async *readBlobs(oids) {
      for (const oid of oids) {
        yield await read(oid, "blob");
      }
    },
    async readCommit(revision) {
      const bytes = await read(revision, "commit");
      return parseCommit(revision, Buffer.from(bytes).toString("latin1"));
    },
  };
}

/**
 * Parses a commit object.
 *
 * @param revision its object name
 * @param text its contents, one character per byte
 * @throws GitSyncError ERR_GITSYNC_CORRUPT
 */
export function parseCommit(revision: string, text: string): Commit {
  const headers = text.slice(0, text.indexOf("\n\n"));
  const tree = /^tree ([0-9a-f]{40})$/m.exec(headers)?.[1];
  const seconds = /^committer .*> (-?\d+) [+-]\d+$/m.exec(headers)?.[1];
  if (tree === undefined || seconds === undefined) {
    throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected a tree and a committer in commit ${revision}`);
  }
  const time = Math.min(Math.max(Number(seconds), 0), MAX_SECONDS);
  return { revision, tree, commitTime: new Date(time * 1000) };
}

async function orCorrupt<T>(oid: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new GitSyncError(
      "ERR_GITSYNC_CORRUPT",
      `expected object ${oid} to be readable, and it is not (${messageOf(cause)})`,
      { cause },
    );
  }
}
