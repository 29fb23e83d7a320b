import { type Dirent, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** The store paths that are published, and how to notice that they are no longer these. */
export interface Generations {
  /** Targets of `<rootsDir>/<host>/<generation>`: full store paths, each once, sorted. */
  readonly targets: readonly string[];
  /** The directories that were read, with their state just before. */
  readonly directories: ReadonlyMap<string, DirectoryState>;
}

/** Changes whenever an entry of the directory is made, replaced or removed. */
export interface DirectoryState {
  /** Inode and exact time of modification; empty when there is no such directory. */
  readonly stamp: string;
  readonly modifiedMs: number;
}

/**
 * Reads which store paths are published. Hosts and generations whose names begin with a dot are the builder's own:
 * roots of a run in progress, links being made.
 */
export function readGenerations(rootsDir: string, storeDir: string): Generations {
  // Each state is taken before its directory is read, so that a change in between is seen by the next look.
  const directories = new Map([[rootsDir, readDirectoryState(rootsDir)]]);
  const targets = new Set<string>();
  for (const host of listVisible(rootsDir)) {
    if (!host.isDirectory()) continue;
    const directory = join(rootsDir, host.name);
    directories.set(directory, readDirectoryState(directory));
    for (const entry of listVisible(directory)) {
      const target = entry.isSymbolicLink() ? readTarget(join(directory, entry.name)) : undefined;
      if (target !== undefined && dirname(target) === storeDir) targets.add(target);
    }
  }
  return { targets: [...targets].toSorted(), directories };
}

/** Takes the state of a directory that may not exist. */
export function readDirectoryState(directory: string): DirectoryState {
  const stats = lstatSync(directory, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return { stamp: "", modifiedMs: 0 };
  return { stamp: `${stats.dev}:${stats.ino}:${stats.mtimeNs}`, modifiedMs: Number(stats.mtimeMs) };
}

function listVisible(directory: string): Dirent[] {
  return (
    ignoreMissing(() => readdirSync(directory, { withFileTypes: true }))?.filter(
      (entry) => !entry.name.startsWith("."),
    ) ?? []
  );
}

function readTarget(link: string): string | undefined {
  return ignoreMissing(() => readlinkSync(link));
}

/** A host or generation may be removed between being listed and being read. */
function ignoreMissing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
