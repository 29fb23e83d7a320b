import { stat } from "node:fs/promises";
import process from "node:process";

import type { NixConfig } from "@nix-cache/config";
import type { RepairPathsResult } from "@nix-cache/nix-exec";

import { reasonOf } from "../reason.ts";
import { quoteShell } from "../text/quote-shell.ts";
import type { KeepingView } from "./keeping-state.ts";
import { isNotEmpty } from "./store-state.ts";

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
  | ({
      readonly type: "repaired";
      /** Why what was repaired could not be signed. */
      readonly unsigned?: string;
    } & RepairPathsResult)
  /** This user may not write to the store. */
  | { readonly type: "refused"; readonly command: string };

/**
 * Makes damaged store paths anew, and signs them: Nix forgets the signatures of what it builds again. Who may not write
 * to the store is told what root is to run.
 */
export async function repairPublished(
  view: KeepingView,
  paths: readonly [string, ...string[]],
): Promise<Repair> {
  const { config, nix, signal } = view;
  if (!(await mayWrite(config.nix.realStoreDir))) {
    return { type: "refused", command: formatRepairCommand(config.nix, paths) };
  }
  const result = await nix.repairPaths({ paths, signal });
  const unsigned = await signRepaired(view, result.repaired);
  return { type: "repaired", ...result, ...(unsigned !== undefined && { unsigned }) };
}

async function signRepaired(
  { config, nix, signal }: KeepingView,
  paths: readonly string[],
): Promise<string | undefined> {
  if (!isNotEmpty(paths)) return undefined;
  try {
    await nix.signClosure({ paths, keyFile: config.builder.signingKeyFile, signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return reasonOf(error);
  }
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
