import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";

import { isHostName } from "@nix-cache/config";

import { isErrno } from "../errno.ts";
import type { KeepingState } from "../keep/keeping-state.ts";
import { findLost } from "../keep/store-state.ts";
import { listNames, readLinkIfPresent } from "../links.ts";
import type { Places } from "../places.ts";

/** The builder's own, besides the directories of hosts. */
const OWN_DIRECTORIES = [".salvage", ".staging", ".held"] as const;

/** Removes what a collection that was killed held. */
export async function removeHeld({ heldDir }: Places): Promise<void> {
  await rm(heldDir, { recursive: true, force: true });
}

/**
 * Leaves the fallback once rootsDir can be written again: the generations have their GC roots there by then, what
 * failed runs did build gets one.
 */
export async function leaveFallback(state: KeepingState): Promise<void> {
  const { config, log, places } = state;
  const { fallbackRootsDir, rootsDir } = config.builder;
  const isInUse = places.rootsDirs[0] !== rootsDir || rootsDir === fallbackRootsDir;
  if (isInUse || !(await exists(fallbackRootsDir))) return;
  for (const host of await listNames(`${fallbackRootsDir}/.salvage`)) {
    if (isHostName(host)) await moveSalvage(state, host);
  }
  for (const name of OWN_DIRECTORIES) {
    await rm(`${fallbackRootsDir}/${name}`, { recursive: true, force: true });
  }
  try {
    await rmdir(fallbackRootsDir);
    log.info({ rootsDir }, "rootsDir can be written again: the GC roots are there");
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY")) throw error;
  }
}

async function moveSalvage(state: KeepingState, host: string): Promise<void> {
  const { config, nix, places, signal } = state;
  const toplevel = await readLinkIfPresent(`${config.builder.fallbackRootsDir}/.salvage/${host}/toplevel`);
  if (toplevel === undefined || (await findLost(state, [toplevel])).size > 0) return;
  const root = places.salvageRoot(host);
  await mkdir(dirname(root), { recursive: true });
  await nix.addRoot({ path: toplevel, root, signal });
}

async function exists(directory: string): Promise<boolean> {
  try {
    await readdir(directory);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
