import type { Generation } from "@nix-cache/history";

import { diffToplevels } from "../diff/diff-generations.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";

/** Records what changed to a host with a generation. Without it, the generation is as good. */
export async function recordDiff(deps: RunDeps, before: Generation, after: Generation): Promise<void> {
  const { history, log, signal } = deps;
  const { host, number } = after;
  try {
    const diff = await diffToplevels(deps, before.toplevel, after.toplevel);
    history.recordClosureDiff({ host, number, previous: before.number, diff });
  } catch (error) {
    signal.throwIfAborted();
    log.warn(
      { host, generation: number, reason: reasonOf(error) },
      "what changed to the host is not recorded",
    );
  }
}
