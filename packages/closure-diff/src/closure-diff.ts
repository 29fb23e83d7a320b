/**
 * What happened to the versions of a package.
 *
 * - `upgraded`, `downgraded`: every version that is gone gave way to a higher or lower one
 * - `changed`: versions came or went otherwise
 * - `added`, `removed`: there was none before, or is none after
 * - `resized`: the same versions, but at least 8 KiB more or fewer
 */
export type PackageChangeType = "upgraded" | "downgraded" | "changed" | "added" | "removed" | "resized";

/** A package that differs: the store paths with the same name apart from version and output. */
export interface PackageChange {
  readonly type: PackageChangeType;
  readonly name: string;
  /** Every version, lowest first; an empty text for paths without one. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** NAR bytes of all its paths after, less those before. */
  readonly sizeDelta: number;
}

/** Part of a system that only a reboot replaces. */
export type BootPart = "kernel" | "initrd" | "kernel-modules" | "systemd";

/** Why a machine that runs one system has to reboot to run the other. */
export type RebootReason =
  /** Names of store paths without the hash part; equal ones mean a rebuild, an absent one that there is none. */
  | { readonly type: BootPart; readonly before?: string; readonly after?: string }
  /** Both empty where only the order differs. */
  | {
      readonly type: "kernel-params";
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

/** Which files differ, by name, in order. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** How many differ only as a rebuild makes them. */
  readonly rebuilt: number;
}

/** One of the two closures. */
export interface ClosureTotals {
  readonly toplevel: string;
  /** NAR bytes of all paths. */
  readonly closureSize: number;
  readonly pathCount: number;
}

/** What differs between two closures: plain data that JSON keeps as it is. */
export interface ClosureDiff {
  readonly formatVersion: 1;
  readonly before: ClosureTotals;
  readonly after: ClosureTotals;
  /** NAR bytes after, less those before. */
  readonly sizeDelta: number;
  /** By name. */
  readonly packages: readonly PackageChange[];
  /** How many packages have the same versions but other store paths, resized ones included. */
  readonly rebuilt: number;
  /** None where no reboot is needed; absent where it is not known. */
  readonly reboot?: readonly RebootReason[];
  /** systemd's units; absent where they are not known. */
  readonly units?: FileChanges;
  /** Files below /etc, units apart; absent where they are not known. */
  readonly etc?: FileChanges;
}
