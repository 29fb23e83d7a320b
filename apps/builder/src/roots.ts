import { mkdir, rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";

import type { GenerationKey } from "@nix-cache/history";
import type { Nix } from "@nix-cache/nix-exec";

import { isErrno } from "./errno.ts";
import { readLinkIfPresent, syncDirectory } from "./links.ts";
import type { Places } from "./places.ts";

/** What making a GC root takes. */
export interface RootDeps {
  readonly nix: Nix;
  readonly places: Places;
  readonly signal: AbortSignal;
}

/** A generation's toplevel, which a GC root keeps alive. */
export interface RootedGeneration extends GenerationKey {
  readonly toplevel: string;
}

/**
 * Makes the GC root of a generation, for good, or registers again the one that is there.
 *
 * @returns its path
 */
export async function addGenerationRoot(
  { nix, places, signal }: RootDeps,
  { host, number, toplevel }: RootedGeneration,
): Promise<string> {
  const root = places.generationRoot(host, number);
  await mkdir(dirname(root), { recursive: true });
  await nix.addRoot({ path: toplevel, root, signal });
  await syncDirectory(dirname(root));
  return root;
}

/** Finds the link that is to keep a generation alive; undefined when there is none, or one to something else. */
export async function findGenerationRoot(
  places: Places,
  { host, number, toplevel }: RootedGeneration,
): Promise<string | undefined> {
  for (const root of places.generationRoots(host, number)) {
    if ((await readLinkIfPresent(root)) === toplevel) return root;
  }
  return undefined;
}

/** Removes the GC roots of a generation, and a host's directory that is empty then. */
export async function removeGenerationRoots(places: Places, { host, number }: GenerationKey): Promise<void> {
  for (const root of places.generationRoots(host, number)) await removeRoot(root);
}

/** Removes a GC root, and its directory when that is empty then. */
export async function removeRoot(root: string): Promise<void> {
  await rm(root, { force: true });
  try {
    await rmdir(dirname(root));
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTEMPTY", "EACCES", "EPERM", "EROFS")) throw error;
  }
}
