import { stat } from "node:fs/promises";
import process from "node:process";

import type { NixConfig } from "@nix-cache/config";
import type { RepairPathsResult } from "@nix-cache/nix-exec";

import { quoteShell } from "../text/quote-shell.ts";
import type { KeepingView } from "./keeping-state.ts";

const ROOT_UID = 0;

/** What Nix takes for granted: it need not be told. */
const NIX_DEFAULTS = {
  storeDir: "/nix/store",
  stateDir: "/nix/var/nix",
  logDir: "/nix/var/log/nix",
} as const;

const NIX_VARIABLES = {
  storeDir: "NIX_STORE_DIR",
  stateDir: "NIX_STATE_DIR",
  logDir: "NIX_LOG_DIR",
} as const;

/** What became of damaged store paths. */
export type Repair =
  | ({ readonly type: "repaired" } & RepairPathsResult)
  /** This user may not write to the store. */
  | { readonly type: "refused"; readonly command: string };

/** Makes damaged store paths anew; who may not write to the store is told what root is to run. */
export async function repairPublished(
  { config, nix, signal }: KeepingView,
  paths: readonly [string, ...string[]],
): Promise<Repair> {
  if (!(await mayWrite(config.nix.realStoreDir))) {
    return { type: "refused", command: formatRepairCommand(config.nix, paths) };
  }
  return { type: "repaired", ...(await nix.repairPaths({ paths, signal })) };
}

async function mayWrite(storeDir: string): Promise<boolean> {
  const uid = process.getuid?.();
  return uid === ROOT_UID || (await stat(storeDir)).uid === uid;
}

/** Writes the command for a shell that repairs store paths as root. */
export function formatRepairCommand(nix: NixConfig, paths: readonly string[]): string {
  const variables = (["storeDir", "stateDir", "logDir"] as const).flatMap((key) =>
    nix[key] === NIX_DEFAULTS[key] ? [] : [`${NIX_VARIABLES[key]}=${nix[key]}`],
  );
  const environment = variables.length === 0 ? [] : ["env", ...variables];
  const program = nix.binDir === undefined ? "nix-store" : `${nix.binDir}/nix-store`;
  return ["sudo", ...environment, program, "--repair-path", ...paths].map(quoteShell).join(" ");
}
