import { type Dirent, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** The store paths that are published, and how to notice that they are no longer these. */
export interface Generations {
  /** Targets of `<host>/<generation>` below the directories of roots: full store paths, each once, sorted. */
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
export function readGenerations(rootsDirs: readonly string[], storeDir: string): Generations {
  const directories = new Map<string, DirectoryState>();
  const targets = new Set<string>();
  for (const rootsDir of rootsDirs) {
    // Each state is taken before its directory is read, so that a change in between is seen by the next look.
    directories.set(rootsDir, readDirectoryState(rootsDir));
    for (const host of listVisible(rootsDir)) {
      if (!host.isDirectory()) continue;
      const directory = join(rootsDir, host.name);
      directories.set(directory, readDirectoryState(directory));
      for (const target of readTargets(directory)) if (dirname(target) === storeDir) targets.add(target);
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

function readTargets(directory: string): string[] {
  const links = listVisible(directory).filter((entry) => entry.isSymbolicLink());
  return links.flatMap(({ name }) => readTarget(join(directory, name)) ?? []);
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
