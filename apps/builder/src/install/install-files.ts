import { basename } from "node:path";

import type { FileChange } from "./compare-files.ts";
import type { InstallPlaces } from "./render-files.ts";
import { makeFromFile, systemctl } from "./systemd.ts";
import type { InstallTarget } from "./target.ts";

/** Units that are started by others: a service by its timer. */
const STARTED_BY_OTHERS = /^nix-cache-builder.*\.service$/;

/** Brings the service manager to what the files say. */
export interface Activation {
  readonly target: InstallTarget;
  readonly places: InstallPlaces;
  readonly changes: readonly FileChange[];
}

/** Lists the units of some changes that are enabled: timers, the server and its socket. */
export function listEnabled(
  changes: readonly FileChange[],
  ...types: readonly FileChange["type"][]
): readonly string[] {
  const names = changes.filter(({ type }) => types.includes(type)).map(({ path }) => basename(path));
  return names.filter((name) => /\.(?:service|socket|timer)$/.test(name) && !STARTED_BY_OTHERS.test(name));
}

/** Stops and disables units before their files go. */
export async function disableUnits({ root, scope }: InstallTarget, units: readonly string[]): Promise<void> {
  if (units.length === 0) return;
  await systemctl({ root, scope }, "disable", ...(root === "" ? ["--now"] : []), ...units);
}

/** Makes the account and the directories, then enables and starts what is to run; what has changed starts anew. */
export async function activate({ changes, places, target }: Activation): Promise<readonly string[]> {
  const isLive = target.root === "";
  const units = listEnabled(changes, "written", "updated", "unchanged");
  if (!isLive) {
    await systemctl(target, "enable", ...units);
    return units;
  }
  const isWanted = (file: string | undefined): file is string =>
    changes.some(({ path, type }) => path === file && type !== "removed" && type !== "left");
  if (isWanted(places.sysusersFile)) await makeFromFile("systemd-sysusers", places.sysusersFile);
  if (isWanted(places.tmpfilesFile)) await makeFromFile("systemd-tmpfiles", places.tmpfilesFile);
  if (changes.some(({ type }) => type !== "unchanged")) await systemctl(target, "daemon-reload");
  const stale = listEnabled(changes, "updated").filter((name) => name.startsWith("nix-cache-server."));
  // A socket cannot start anew under a service that runs.
  if (stale.length > 0)
    await systemctl(target, "stop", ...units.filter((name) => name.startsWith("nix-cache-server.")));
  await systemctl(target, "enable", "--now", ...units);
  return units;
}
