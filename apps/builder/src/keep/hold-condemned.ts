import { mkdir, rm } from "node:fs/promises";

import type { Generation } from "@nix-cache/history";

import { liveGenerations } from "../live-generations.ts";
import type { KeepingState } from "./keeping-state.ts";
import { findLost } from "./store-state.ts";

/** Works while what was dropped too short a while ago is kept from a collection: downloads of it may go on. */
export async function whileHeld<Result>(
  { nix, places, signal }: KeepingState,
  early: readonly Generation[],
  work: () => Promise<Result>,
): Promise<Result> {
  const { heldDir } = places;
  try {
    if (early.length > 0) await mkdir(heldDir, { recursive: true });
    for (const { host, number, toplevel } of early) {
      await nix.addRoot({ path: toplevel, root: `${heldDir}/${host}-${number}`, signal });
    }
    return await work();
  } finally {
    await rm(heldDir, { recursive: true, force: true });
  }
}

/**
 * Refuses to delete anything while Nix does not know every published generation for alive.
 *
 * @throws {Error} naming the first that nothing protects
 */
export async function requireRooted(state: KeepingState): Promise<void> {
  const { history, nix, signal } = state;
  const live = history.hosts().flatMap((host) => liveGenerations(history, host));
  const lost = await findLost(
    state,
    live.map(({ toplevel }) => toplevel),
  );
  const roots = new Set((await nix.listRoots({ signal })).map(({ storePath }) => storePath));
  const bare = live.find(({ toplevel }) => !lost.has(toplevel) && !roots.has(toplevel));
  if (bare === undefined) return;
  throw new Error(
    `expected a GC root of generation ${bare.number} of ${bare.host}, found none: nothing is deleted`,
  );
}
