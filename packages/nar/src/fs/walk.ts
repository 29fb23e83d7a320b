import { readdirSync } from "node:fs";
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";

import { checkDepth } from "../checks.ts";
import { NarError } from "../error.ts";
import type { DirectoryEvent, EndEvent, EntryEvent } from "../event.ts";
import type { DiskAccess } from "./disk-access.ts";
import { fromSystemError } from "./system-error.ts";

/** A regular file whose contents are still to be read. */
interface FileLeaf {
  readonly type: "file";
  readonly path: Buffer;
}

/** A symbolic link whose target is still to be read. */
interface LinkLeaf {
  readonly type: "link";
  readonly path: Buffer;
}

/** One step of a walk: an event, or a leaf that stands for some. */
export type WalkStep = DirectoryEvent | EntryEvent | EndEvent | FileLeaf | LinkLeaf;

/** What lstat and readdir both tell about a file. */
type Kind = Pick<Dirent<Buffer>, "isFile" | "isDirectory" | "isSymbolicLink">;

/** A directory that the walk is in. */
interface OpenDirectory {
  readonly path: Buffer;
  /** Entries still to be visited, the next one last. */
  readonly entries: Dirent<Buffer>[];
}

const SLASH = Buffer.from("/");
const READ_OPTIONS = { encoding: "buffer", withFileTypes: true } as const;

/**
 * Walks a tree in the order of a NAR. Symbolic links are not followed, the root included.
 * @throws NarError ERR_NAR_NOT_FOUND, ERR_NAR_IO, ERR_NAR_FILE_TYPE, ERR_NAR_DEPTH
 */
export async function* walk(root: Buffer, disk: DiskAccess): AsyncGenerator<WalkStep, void, void> {
  const open: OpenDirectory[] = [];
  let path = root;
  let kind = await kindOfRoot(root);
  for (;;) {
    checkDepth(open.length, { path: path.toString() });
    if (kind.isDirectory()) {
      yield { type: "directory" };
      open.push({ path, entries: await sortedEntries(path, disk) });
    } else {
      yield leafOf(kind, path);
    }
    let directory = open.at(-1);
    while (directory !== undefined && directory.entries.length === 0) {
      yield { type: "end" };
      open.pop();
      directory = open.at(-1);
    }
    const entry = directory?.entries.pop();
    if (directory === undefined || entry === undefined) return;
    yield { type: "entry", name: entry.name };
    path = Buffer.concat([directory.path, SLASH, entry.name]);
    kind = entry;
  }
}

async function kindOfRoot(root: Buffer): Promise<Kind> {
  try {
    return await lstat(root);
  } catch (error) {
    throw fromSystemError(error, "read", root);
  }
}

async function sortedEntries(path: Buffer, disk: DiskAccess): Promise<Dirent<Buffer>[]> {
  try {
    const entries = await disk.run(
      () => readdirSync(path, READ_OPTIONS),
      () => readdir(path, READ_OPTIONS),
    );
    return entries.toSorted((a, b) => Buffer.compare(b.name, a.name));
  } catch (error) {
    throw fromSystemError(error, "read", path);
  }
}

function leafOf(kind: Kind, path: Buffer): FileLeaf | LinkLeaf {
  if (kind.isFile()) return { type: "file", path };
  if (kind.isSymbolicLink()) return { type: "link", path };
  const shown = path.toString();
  throw new NarError("ERR_NAR_FILE_TYPE", `expected a regular file, directory or symlink at ${shown}`, {
    path: shown,
  });
}
