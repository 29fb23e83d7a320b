import { isHostName } from "@nix-cache/config";

import type { RunDeps } from "../run-deps.ts";
import type { LockedFlake } from "./update.ts";

/**
 * Says which hosts the run builds: those of the configuration, or with `["*"]` every host of the flake whose name
 * can be a path name. Those that cannot are reported and left out.
 */
export async function selectHosts(
  { config, log, nix, signal }: RunDeps,
  { flakeRef, referenceLockFile }: LockedFlake,
): Promise<readonly string[]> {
  if (!config.builder.hosts.includes("*")) return config.builder.hosts;
  const names = await nix.evalHostNames({
    flakeRef,
    signal,
    ...(referenceLockFile === undefined ? {} : { referenceLockFile }),
  });
  for (const host of names) {
    if (!isHostName(host)) log.warn({ host }, "host skipped: its name cannot be a path name");
  }
  return names.filter(isHostName);
}
