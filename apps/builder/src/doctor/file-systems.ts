import { stat, statfs } from "node:fs/promises";

import { isErrno } from "../errno.ts";

/** A file system, and what is kept on it. */
export interface FileSystem {
  /** What is there, in the words of the configuration. */
  readonly uses: readonly string[];
  /** A directory on it. */
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Absent where the file system makes inodes as it needs them. */
  readonly inodes?: { readonly free: number; readonly total: number };
}

/** A directory, and what it is for. */
export interface UsedDirectory {
  readonly use: string;
  readonly directory: string;
}

/** Looks at the file systems of directories, each once; of a directory that is missing, at that of its parent. */
export async function readFileSystems(directories: readonly UsedDirectory[]): Promise<readonly FileSystem[]> {
  const found = new Map<number, FileSystem>();
  for (const { directory, use } of directories) {
    const { device, path } = await findDevice(directory);
    const known = found.get(device);
    const fileSystem = known ?? { ...(await readSpace(path)), uses: [], path };
    found.set(device, { ...fileSystem, uses: [...fileSystem.uses, use] });
  }
  return [...found.values()];
}

async function findDevice(path: string): Promise<{ device: number; path: string }> {
  try {
    return { device: (await stat(path)).dev, path };
  } catch (error) {
    if (path !== "/" && (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR"))) {
      return findDevice(path.replace(/\/[^/]*$/, "") || "/");
    }
    throw error;
  }
}

async function readSpace(path: string): Promise<Pick<FileSystem, "freeBytes" | "totalBytes" | "inodes">> {
  const { bavail, blocks, bsize, ffree, files } = await statfs(path);
  const space = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  return files === 0 ? space : { ...space, inodes: { free: ffree, total: files } };
}
