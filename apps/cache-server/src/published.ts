import type { StoreDb } from "@nix-cache/store-db";

import { type Generations, readDirectoryState, readGenerations } from "./generations.ts";

/** Decides whether a store path is published. */
export type IsPublished = (path: string) => boolean;

/** Options of {@link createPublished}. */
export interface PublishedOptions {
  /** Directories that hold `<host>/<generation>` links; may not exist yet. */
  readonly rootsDirs: readonly string[];
  /** Logical store directory. */
  readonly storeDir: string;
  readonly storeDb: Pick<StoreDb, "closure" | "pathInfo">;
  readonly now: () => Date;
}

/** What was read of the published generations. */
interface Reading extends Generations {
  /** False when a later change might leave no trace in the directories' states. */
  readonly isSettled: boolean;
}

interface Closure {
  readonly targets: readonly string[];
  readonly paths: ReadonlySet<string>;
}

/**
 * A directory changed so recently may change again without another time of modification: the kernel's clock for
 * these ticks every 1 to 10 ms, that of some file systems every second.
 */
const MTIME_TICK_MS = 1100;

/**
 * Makes the check whether a store path is published: whether it is in the closure of what a generation's link
 * points to. Publication and removal count from the next question on; in between, a question costs one stat of
 * each directory.
 */
export function createPublished({ rootsDirs, storeDir, storeDb, now }: PublishedOptions): IsPublished {
  let reading: Reading | undefined;
  let closure: Closure = { targets: [], paths: new Set() };

  function read(): Reading {
    const settledMs = now().getTime() - MTIME_TICK_MS;
    const generations = readGenerations(rootsDirs, storeDir);
    const isSettled = generations.directories.values().every((state) => state.modifiedMs < settledMs);
    return { ...generations, isSettled };
  }

  /** The closure of a target that is not valid yet lacks it, and has to be read again once it is. */
  function isClosureOf(targets: readonly string[]): boolean {
    return (
      targets.join("\n") === closure.targets.join("\n") &&
      targets.every((target) => closure.paths.has(target) || storeDb.pathInfo(target) === undefined)
    );
  }

  return (path) => {
    if (reading === undefined || !isCurrent(reading)) reading = read();
    const { targets } = reading;
    if (!isClosureOf(targets)) closure = { targets, paths: new Set(storeDb.closure(targets)) };
    return closure.paths.has(path);
  };
}

function isCurrent({ isSettled, directories }: Reading): boolean {
  return (
    isSettled && directories.entries().every(([path, { stamp }]) => readDirectoryState(path).stamp === stamp)
  );
}
