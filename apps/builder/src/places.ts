import type { BuilderConfig } from "@nix-cache/config";

/** Where the builder keeps what it makes; the map of its state on disk. */
export interface Places {
  readonly lockFile: string;
  readonly historyFile: string;
  readonly publicHistoryFile: string;
  /** GC roots of runs in progress: never served. */
  readonly stagingDir: string;
  /** The files of one run. */
  readonly runDir: (run: string) => string;
  /** The GC root of a host's toplevel while its run goes on. */
  readonly stagingRoot: (run: string, host: string) => string;
  /** The GC root of what a host's failed run did build: never served. */
  readonly salvageRoot: (host: string) => string;
  /** The GC root of a published generation. */
  readonly generationRoot: (host: string, generation: number) => string;
  /** What users look at: the newest published toplevel. */
  readonly resultLink: (host: string) => string;
  /** What users look at: a kept generation. */
  readonly generationLink: (host: string, generation: number) => string;
}

/** Derives every path from the configuration. */
export function placesOf({ cacheDir, rootsDir, stateDir }: BuilderConfig): Places {
  const stagingDir = `${rootsDir}/.staging`;
  return {
    lockFile: `${stateDir}/run.lock`,
    historyFile: `${stateDir}/history.sqlite`,
    publicHistoryFile: `${stateDir}/history.public.sqlite`,
    stagingDir,
    runDir: (run) => `${stateDir}/runs/${run}`,
    stagingRoot: (run, host) => `${stagingDir}/${run}-${host}`,
    salvageRoot: (host) => `${rootsDir}/.salvage/${host}/toplevel`,
    generationRoot: (host, generation) => `${rootsDir}/${host}/${generation}`,
    resultLink: (host) => `${cacheDir}/${host}-result`,
    generationLink: (host, generation) => `${cacheDir}/${host}-result-${generation}`,
  };
}
