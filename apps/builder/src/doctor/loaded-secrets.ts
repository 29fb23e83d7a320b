import { SECRET_KEYS, type SecretKey } from "@nix-cache/config/fs";

import { askSystemd, isSystemdRunning } from "../ask-systemd.ts";
import type { BuilderMachineConfig } from "../load-config.ts";

const UNIT = "nix-cache-builder.service";

/** The files that systemd reads as root for the service, by the name of the credential. */
export type LoadedCredentials = ReadonlyMap<string, readonly string[]>;

/** Finds out which files systemd reads for the service; none where there is no such unit. */
export async function findLoadedCredentials(): Promise<LoadedCredentials> {
  // A unit that is not there loads nothing.
  return isSystemdRunning()
    ? parseLoadedCredentials(await askSystemd("systemctl", ["cat", UNIT]))
    : new Map();
}

/** The secrets of the configuration that the service gets from systemd. */
export function loadedKeysOf(
  { builder }: BuilderMachineConfig,
  loaded: LoadedCredentials,
): readonly SecretKey[] {
  return SECRET_KEYS.filter((key) => loaded.get(key)?.includes(builder[key] ?? "") === true);
}

/**
 * Reads which files a unit loads, by the credential's name. Not every version of `systemctl show` prints them, so the
 * unit is read as it is written, its drop-ins after it.
 */
export function parseLoadedCredentials(unit: string): LoadedCredentials {
  const loaded = new Map<string, string[]>();
  for (const [, value = ""] of unit.matchAll(/^LoadCredential=(.*)$/gm)) {
    const [, id, file] = /^([^:]+):(.*?)\s*$/.exec(value) ?? [];
    if (value.trim() === "") loaded.clear();
    if (id !== undefined && file !== undefined) loaded.set(id, [...(loaded.get(id) ?? []), unescape(file)]);
  }
  return loaded;
}

/** systemd.unit(5): a percent sign stands twice. */
function unescape(file: string): string {
  return file.replaceAll("%%", "%");
}
