import {
  type ClosureDiff,
  ClosureDiffError,
  diffClosures,
  type SystemClosure,
} from "@nix-cache/closure-diff";
import { NixError, type PathInfo } from "@nix-cache/nix-exec";

import type { RunDeps } from "../run-deps.ts";
import { readSystemFacts } from "./read-system-facts.ts";
import type { StoreLocation } from "./store-files.ts";

/** What it takes to compare two toplevels; {@link RunDeps} has it. */
export interface DiffDeps extends Pick<RunDeps, "nix" | "signal"> {
  readonly config: { readonly nix: StoreLocation };
}

/**
 * Says what changes from one toplevel of the store to another.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_MISSING_PATH when either is not in the store any more
 */
export async function diffToplevels(deps: DiffDeps, before: string, after: string): Promise<ClosureDiff> {
  const infos = await readPathInfo(deps, [before, after]);
  const paths = new Map(infos.map((info) => [info.path, info]));
  const { storeDir, realStoreDir } = deps.config.nix;
  const describe = async (toplevel: string): Promise<SystemClosure> => {
    const facts = await readSystemFacts(toplevel, { storeDir, realStoreDir, signal: deps.signal });
    return { toplevel, paths, facts };
  };
  return diffClosures(await describe(before), await describe(after));
}

/** Asks once for both closures, which share most of their paths. */
async function readPathInfo(
  { nix, signal }: DiffDeps,
  toplevels: readonly [string, string],
): Promise<readonly PathInfo[]> {
  try {
    return (await nix.pathInfo({ paths: [...toplevels], recursive: true, signal })).valid;
  } catch (cause) {
    if (!(cause instanceof NixError) || cause.code !== "ERR_NIX_FAILED") throw cause;
    const [path] = await nix.findInvalidPaths({ paths: [...toplevels], signal });
    if (path === undefined) throw cause;
    const message = `expected ${path} to be in the store, found it gone`;
    throw new ClosureDiffError("ERR_CLOSURE_DIFF_MISSING_PATH", message, { path });
  }
}
