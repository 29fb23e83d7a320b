import type { Engine } from "./engine.ts";
import { createIsomorphicEngine } from "./isomorphic-engine.ts";
import type { RemoteOptions } from "./open-remote.ts";

/** How objects are brought and read. */
export interface EngineOptions extends RemoteOptions {}

/**
 * Chooses the engine.
 *
 * @param options which one, and how it reaches the remote
 * @throws GitSyncError ERR_GITSYNC_URL
 */
export function openEngine(options: EngineOptions): Engine {
  return createIsomorphicEngine(options);
}
