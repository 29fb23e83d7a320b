import { existsSync } from "node:fs";

/** Where the configuration is looked for unless the command line says otherwise. */
export const DEFAULT_CONFIG = "/etc/nix-cache-builder/config.toml";

/** What the NixOS module writes. */
const JSON_CONFIG = "/etc/nix-cache-builder/config.json";

/** Finds the configuration of this machine: one in JSON counts where there is none in TOML. */
export function findDefaultConfig(isPresent: (file: string) => boolean = existsSync): string {
  return !isPresent(DEFAULT_CONFIG) && isPresent(JSON_CONFIG) ? JSON_CONFIG : DEFAULT_CONFIG;
}

/** Whether the configuration is found without being named. */
export function isDefaultConfig(file: string): boolean {
  return file === findDefaultConfig();
}
