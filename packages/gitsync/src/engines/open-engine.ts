import type { RemoteOptions } from "../transport/open-remote.ts";
import type { Engine } from "./engine.ts";
import { createGitEngine } from "./git-engine.ts";
import { createIsomorphicEngine } from "./isomorphic-engine.ts";
import type { ObjectFilter } from "./partial-clone.ts";

/** What brings objects and reads them: isomorphic-git, or the system's git. */
export type EngineName = "isomorphic" | "git";

/** Which engine, and how it reaches a repository. */
export interface EngineOptions extends RemoteOptions {
  /** `isomorphic` unless given; `git` for repositories too large to be held in memory, and for filters. */
  readonly engine?: EngineName;
  /** Objects of the history to leave at the remote, with the engine `git`; none unless given. */
  readonly filter?: ObjectFilter;
  /** Whether files of Git LFS have their contents, with the engine `git`; they are pointers unless this is true. */
  readonly lfs?: boolean;
}

/**
 * Chooses the engine.
 *
 * @param options which one, and how it reaches the remote
 * @throws GitSyncError ERR_GITSYNC_URL; TypeError for an unknown engine or filter, or a filter or lfs without the engine `git`
 */
export function openEngine(options: EngineOptions): Engine {
  const { engine = "isomorphic", filter, lfs } = options;
  if (filter !== undefined && filter !== "blob:none") {
    throw new TypeError(`expected filter to be "blob:none", got ${JSON.stringify(filter)}`);
  }
  switch (engine) {
    case "git":
      return createGitEngine(options);
    case "isomorphic":
      if (filter !== undefined) {
        throw new TypeError('expected engine "git" beside filter, got "isomorphic"');
      }
      if (lfs === true) {
        throw new TypeError('expected engine "git" beside lfs, got "isomorphic"');
      }
      return createIsomorphicEngine(options);
    default:
      throw new TypeError(`expected engine to be "isomorphic" or "git", got ${JSON.stringify(engine)}`);
  }
}
