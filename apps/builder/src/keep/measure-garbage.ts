import type { KeepingView } from "./keeping-state.ts";
import { readOwnRoots } from "./read-roots.ts";
import { findLost, readClosures, sumNarSizes, walkClosure } from "./store-state.ts";
import { tryTwice } from "./try-twice.ts";

/** What dropped generations leave. */
export interface Dropouts {
  /** Toplevels that may be deleted. */
  readonly due: readonly string[];
  /** Toplevels that are not to be deleted yet. */
  readonly early: readonly string[];
  /** What an earlier collection was to delete and may not have. */
  readonly unfinished: readonly string[];
}

/** What is to be deleted. */
export interface Garbage {
  readonly paths: readonly string[];
  /** Their NAR bytes. */
  readonly bytes: number;
}

/** Finds what dropped generations need and nothing else of the builder's does. */
export async function measureGarbage(view: KeepingView, dropouts: Dropouts): Promise<Garbage> {
  return tryTwice(view, () => measure(view, dropouts));
}

async function measure(view: KeepingView, { due, early, unfinished }: Dropouts): Promise<Garbage> {
  const others = [...(await readOwnRoots(view)), ...early];
  const lost = await findLost(view, [...due, ...unfinished, ...others]);
  const isValid = (path: string): boolean => !lost.has(path);
  const garbage = [...due, ...unfinished].filter(isValid);
  const kept = others.filter(isValid);
  const closures = await readClosures(view, [...garbage, ...kept]);
  const paths = [...walkClosure(closures, garbage).difference(walkClosure(closures, kept))];
  return { paths, bytes: sumNarSizes(closures, paths) };
}
