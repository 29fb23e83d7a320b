import { existsSync } from "node:fs";

import type { NixConfig } from "@nix-cache/config";

import type { NixSettings } from "./doctor-context.ts";
import { isWritable } from "./file-state.ts";

/** A user, as the lists of users in nix.conf know it. */
export interface NixUser {
  readonly name: string;
  /** Names of its groups. */
  readonly groups: readonly string[];
}

/** Reads a setting that is text or a number; `""` when there is none. */
export function readText(settings: NixSettings, name: string): string {
  const value = settings[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Reads a setting that is a list, of which older versions print some as text. */
export function readList(settings: NixSettings, name: string): readonly string[] {
  const value = settings[name];
  const words: readonly unknown[] = Array.isArray(value) ? value : readText(settings, name).split(/\s+/);
  return words.map(String).filter((word) => word !== "");
}

/**
 * Whether a list of users has a user: by name, by a group after `@`, or by `*`.
 *
 * @see https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-allowed-users
 */
export function hasUser(list: readonly string[], { groups, name }: NixUser): boolean {
  return list.some((entry) =>
    entry.startsWith("@") ? groups.includes(entry.slice(1)) : entry === "*" || entry === name,
  );
}

/**
 * Whether Nix hands the work to its daemon: told to, or the state directory is another user's and a daemon listens.
 *
 * @see https://nix.dev/manual/nix/latest/store/types/#store-url-format, `auto`
 */
export async function usesDaemon(settings: NixSettings, { stateDir }: NixConfig): Promise<boolean> {
  const store = readText(settings, "store");
  if (store === "daemon" || store.startsWith("unix://")) return true;
  if (store !== "auto" && store !== "") return false;
  return !(await isWritable(stateDir)) && existsSync(`${stateDir}/daemon-socket/socket`);
}
