import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { readLinkIfPresent } from "../links.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";

/**
 * Keeps the toplevel of a host that was built but not published, for instance for want of the signing key, until
 * the host succeeds again: the next run need not build it anew after a garbage collection.
 */
export async function salvageHost({ nix, places, signal }: RunDeps, run: Run, host: string): Promise<void> {
  const staging = places.stagingRoot(run.id, host);
  const toplevel = await readLinkIfPresent(staging);
  if (toplevel === undefined) return;
  const root = places.salvageRoot(host);
  await mkdir(dirname(root), { recursive: true });
  await nix.addRoot({ path: toplevel, root, signal });
  await rm(staging);
}

/** Lets go of what a host's success has made superfluous. */
export async function clearStaging({ places }: RunDeps, run: Run, host: string): Promise<void> {
  await rm(places.stagingRoot(run.id, host), { force: true });
  await rm(dirname(places.salvageRoot(host)), { recursive: true, force: true });
}
