import { type ClosureDiff, diffClosures, type SystemClosure } from "@nix-cache/closure-diff";

import type { RunDeps } from "../run-deps.ts";
import { readSystemFacts } from "./read-system-facts.ts";

/** What it takes to compare two toplevels. */
export interface DiffDeps extends Pick<RunDeps, "nix" | "signal"> {
  readonly config: Pick<RunDeps["config"], "nix">;
}

/**
 * Says what changes from one toplevel of the store to another.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_MISSING_PATH when either is not in the store any more
 */
export async function diffToplevels(
  { nix, config, signal }: DiffDeps,
  before: string,
  after: string,
): Promise<ClosureDiff> {
  const { valid } = await nix.pathInfo({ paths: [before, after], recursive: true, signal });
  const paths = new Map(valid.map((info) => [info.path, info]));
  const describe = async (toplevel: string): Promise<SystemClosure> => {
    const { storeDir, realStoreDir } = config.nix;
    return { toplevel, paths, facts: await readSystemFacts(toplevel, { storeDir, realStoreDir, signal }) };
  };
  return diffClosures(await describe(before), await describe(after));
}
