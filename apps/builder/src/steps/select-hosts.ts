import { isHostName } from "@nix-cache/config";

import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import { requireKnownHosts } from "../suggest.ts";
import type { LockedFlake } from "./update.ts";

/** Which hosts a run is about. */
export interface SelectHostsJob {
  readonly run: Run;
  readonly flake: LockedFlake;
  /** Those that were asked for; absent: all. */
  readonly wanted?: readonly string[];
}

/**
 * Says which hosts the run builds, in the order of the configuration: those that were asked for, else all.
 *
 * @throws {CommandError} 2 when one that was asked for does not exist
 */
export async function selectHosts(deps: RunDeps, job: SelectHostsJob): Promise<readonly string[]> {
  const { run, flake, wanted } = job;
  const configured = await listConfiguredHosts(deps, flake);
  run.record.configuredHosts(configured);
  if (wanted === undefined) return configured;
  requireKnownHosts(wanted, configured);
  return configured.filter((host) => wanted.includes(host));
}

/**
 * Lists the hosts of the configuration, or with `["*"]` every host of the flake whose name can be a path name. Those
 * that cannot are reported and left out.
 */
async function listConfiguredHosts(
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
