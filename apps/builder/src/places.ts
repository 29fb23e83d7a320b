import type { BuilderConfig } from "@nix-cache/config";

/** Where the builder keeps what it makes; the map of its state on disk. */
export interface Places {
  readonly lockFile: string;
  readonly historyFile: string;
  readonly publicHistoryFile: string;
  /** Where the links are that people see. */
  readonly cacheDir: string;
  /** Says in cacheDir that the directory is ours; missing while the disk is not mounted. */
  readonly markerFile: string;
  /** Says the same as the marker while links, roots and history agree. */
  readonly sealFile: string;
  /** What a collection of garbage is about to delete. */
  readonly journalFile: string;
  /** Where GC roots may be: new ones go to the first. */
  readonly rootsDirs: readonly [string, string];
  /** GC roots of runs in progress: never served. */
  readonly stagingDir: string;
  /** GC roots for the time of a collection, of what was dropped too short a while ago: never served. */
  readonly heldDir: string;
  readonly runsDir: string;
  /** The files of one run. */
  readonly runDir: (run: string) => string;
  /** The GC root of a host's toplevel while its run goes on. */
  readonly stagingRoot: (run: string, host: string) => string;
  /** The GC root of what a host's failed run did build: never served. */
  readonly salvageRoot: (host: string) => string;
  /** The GC root of a generation that is being published. */
  readonly generationRoot: (host: string, generation: number) => string;
  /** Where the GC root of a published generation may be. */
  readonly generationRoots: (host: string, generation: number) => readonly string[];
  /** What users look at: the newest published toplevel. */
  readonly resultLink: (host: string) => string;
  /** What users look at: a kept generation. */
  readonly generationLink: (host: string, generation: number) => string;
}

/**
 * Derives every path from the configuration.
 *
 * @param newRootsDir where new GC roots go: rootsDir, or fallbackRootsDir
 */
export function placesOf(config: BuilderConfig, newRootsDir: string = config.rootsDir): Places {
  const { cacheDir, fallbackRootsDir, rootsDir, stateDir } = config;
  const stagingDir = `${newRootsDir}/.staging`;
  const rootsDirs = [newRootsDir, newRootsDir === rootsDir ? fallbackRootsDir : rootsDir] as const;
  return {
    lockFile: `${stateDir}/run.lock`,
    historyFile: `${stateDir}/history.sqlite`,
    publicHistoryFile: `${stateDir}/history.public.sqlite`,
    cacheDir,
    markerFile: `${cacheDir}/.nix-cache-builder`,
    sealFile: `${stateDir}/links.seal`,
    journalFile: `${stateDir}/collection.json`,
    rootsDirs,
    stagingDir,
    heldDir: `${newRootsDir}/.held`,
    runsDir: `${stateDir}/runs`,
    runDir: (run) => `${stateDir}/runs/${run}`,
    stagingRoot: (run, host) => `${stagingDir}/${run}-${host}`,
    salvageRoot: (host) => `${newRootsDir}/.salvage/${host}/toplevel`,
    generationRoot: (host, generation) => `${newRootsDir}/${host}/${generation}`,
    generationRoots: (host, generation) => rootsDirs.map((directory) => `${directory}/${host}/${generation}`),
    resultLink: (host) => `${cacheDir}/${host}-result`,
    generationLink: (host, generation) => `${cacheDir}/${host}-result-${generation}`,
  };
}
