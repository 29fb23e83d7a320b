import { homedir } from "node:os";
import process from "node:process";

import type { InstallPlaces } from "./render-files.ts";

/** What an installation goes to. */
export interface InstallTarget {
  /** Whose service manager runs the units. */
  readonly scope: "system" | "user";
  /** A directory that is to be a system, such as an image; empty for the system that runs. */
  readonly root: string;
}

/** Where files of the target are. */
export function placesOfTarget({ root, scope }: InstallTarget): InstallPlaces {
  if (scope === "user") return { unitDir: `${userConfigDir()}/systemd/user` };
  return {
    unitDir: `${root}/etc/systemd/system`,
    sysusersFile: `${root}/etc/sysusers.d/nix-cache-builder.conf`,
    tmpfilesFile: `${root}/etc/tmpfiles.d/nix-cache-builder.conf`,
  };
}

/** Where the configuration of a user's own services is. */
export function userConfigFile(): string {
  return `${userConfigDir()}/nix-cache-builder/config.toml`;
}

/** Where systemd looks for a user's units, too: XDG Base Directory Specification. */
function userConfigDir(): string {
  const given = process.env["XDG_CONFIG_HOME"] ?? "";
  return given.startsWith("/") ? given : `${homedir()}/.config`;
}
