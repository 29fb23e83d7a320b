import { GitSyncError, messageOf } from "../errors.ts";
import { parseCommit } from "../repository/objects.ts";
import type { ObjectReader } from "../repository/objects.ts";
import type { DeadlineOptions } from "../transport/deadline.ts";
import type { Environment } from "../transport/process.ts";
import { decodeObjects } from "./cat-file.ts";
import { runGit, streamGit } from "./git-process.ts";
import type { GitCall } from "./git-process.ts";

/** Options of {@link createGitReader}. */
export interface GitReaderOptions extends DeadlineOptions {
  /** The .git directory. */
  readonly gitDir: string;
  /** Environment of git. */
  readonly env?: Environment;
}

/**
 * Creates a reader of the objects in a .git directory by the system's git, which opens packs of any size.
 *
 * @param options where, and limits
 */
export function createGitReader(options: GitReaderOptions): ObjectReader {
  const call: Omit<GitCall, "args"> = { ...options, remote: options.gitDir };
  const trees = new Map<string, Uint8Array>();
  return {
    async readCommit(revision) {
      for await (const bytes of readObjects(call, "commit", [revision])) {
        return parseCommit(revision, Buffer.from(bytes).toString("latin1"));
      }
      throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected commit ${revision}, got nothing`);
    },
    async readTree(oid) {
      if (!trees.has(oid)) {
        await loadTrees(call, oid, trees);
      }
      const bytes = trees.get(oid);
      if (bytes === undefined) {
        throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected ${oid} to be a tree, got something else`);
      }
      return bytes;
    },
    readBlobs: (oids) => readObjects(call, "blob", oids),
  };
}

/** Loads a tree and all below it, each once, however often it is named. */
async function loadTrees(
  call: Omit<GitCall, "args">,
  root: string,
  trees: Map<string, Uint8Array>,
): Promise<void> {
  const args = ["rev-list", "--objects", "--no-object-names", "--filter=blob:none", root];
  const { stdout } = await orCorrupt(root, runGit({ ...call, args }));
  const oids = [...new Set([root, ...stdout.split("\n")])].filter((oid) => oid !== "");
  let index = 0;
  for await (const bytes of readObjects(call, "tree", oids)) {
    const oid = oids[index];
    index += 1;
    if (oid !== undefined) {
      trees.set(oid, bytes);
    }
  }
}

async function* readObjects(
  call: Omit<GitCall, "args">,
  type: string,
  oids: readonly string[],
): AsyncGenerator<Uint8Array> {
  if (oids.length === 0) {
    return;
  }
  const input = `${oids.join("\n")}\n`;
  const objects = decodeObjects(streamGit({ ...call, args: ["cat-file", "--batch"], input }));
  try {
    for (const oid of oids) {
      const { done, value } = await orCorrupt(oid, objects.next());
      if (done === true || value.oid !== oid || value.type !== type) {
        const found = done === true ? "nothing" : `${value.type} ${value.oid}`;
        throw new GitSyncError("ERR_GITSYNC_CORRUPT", `expected ${type} ${oid}, got ${found}`);
      }
      yield value.bytes;
    }
  } finally {
    await objects.return(undefined);
  }
}

/** A git that cannot say what an object holds, for whatever reason, has a damaged repository. */
async function orCorrupt<T>(oid: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (!(cause instanceof GitSyncError) || /TIMEOUT|COMMAND|NO_SPACE/.test(cause.code)) {
      throw cause;
    }
    const message = `expected object ${oid} to be readable, and it is not (${messageOf(cause)})`;
    throw new GitSyncError("ERR_GITSYNC_CORRUPT", message, { cause });
  }
}
