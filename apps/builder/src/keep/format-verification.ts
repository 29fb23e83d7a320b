import { formatBytes } from "../text/format-bytes.ts";
import { formatTable } from "../text/format-table.ts";
import { paint } from "../text/paint.ts";
import { quoteShell } from "../text/quote-shell.ts";
import type { Repair } from "./repair-published.ts";
import type { Verification, VerifiedGeneration } from "./verify-published.ts";

/** Columns with numbers: generation, paths, bytes. */
const RIGHT = [1, 2, 3];

/** What `verify` found and did. */
export interface VerificationReport extends Verification {
  /** Absent where nothing was damaged, or nothing was to be repaired. */
  readonly repair?: Repair;
}

/** Whether all that is published is as it should be. */
export function isSound({ generations, repair }: VerificationReport): boolean {
  const isRepaired =
    repair?.type === "repaired" && repair.unrepaired.length === 0 && repair.unsigned === undefined;
  return generations.every(({ state }) => state === "sound" || (state === "damaged" && isRepaired));
}

/**
 * Writes what `verify` found, for people.
 *
 * @param configFile the configuration that was verified, for the commands that are named
 */
export function formatVerification(report: VerificationReport, configFile: string): string {
  const { generations, modified, unreadable } = report;
  if (generations.length === 0) return "No generation is published.\n";
  const header = ["HOST", "GENERATION", "PATHS", "SIZE", "STATE"];
  const table = formatTable([header, ...generations.map(formatRow)], { right: RIGHT });
  const lines = [
    ...modified.map((path) => `Modified: ${path}`),
    ...unreadable.map((path) => `Unreadable: ${path}`),
    ...describeRepair(report, configFile),
  ];
  return lines.length === 0 ? table : `${table}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function formatRow({
  bytes,
  damaged,
  generation,
  host,
  paths,
  state,
}: VerifiedGeneration): readonly string[] {
  const name = [host, String(generation)];
  switch (state) {
    case "sound":
      return [...name, String(paths), formatBytes(bytes), paint("good", "sound")];
    case "damaged":
      return [
        ...name,
        String(paths),
        formatBytes(bytes),
        paint("bad", `damaged, store paths: ${damaged.length}`),
      ];
    case "missing":
      return [...name, "", "", paint("bad", "missing: the store does not have it")];
    default:
      return state satisfies never;
  }
}

function describeRepair(
  { modified, repair, unreadable }: VerificationReport,
  configFile: string,
): readonly string[] {
  const config = `--config ${quoteShell(configFile)}`;
  if (modified.length + unreadable.length === 0) return [];
  if (repair === undefined) return [`To make them anew: nix-cache-builder verify --repair ${config}`];
  if (repair.type === "refused") return [`The store is not this user's. As root, run: ${repair.command}`];
  return [
    ...repair.repaired.map((path) => `Repaired: ${path}`),
    ...repair.unrepaired.map(({ path, reason }) =>
      reason === "no-source"
        ? `Not repaired: ${path}: no substituter has it, and it cannot be built here`
        : `Not repaired: ${path}: it was made anew without success`,
    ),
    ...(repair.unsigned === undefined
      ? []
      : [`Not signed: ${repair.unsigned}`, `To sign it: nix-cache-builder sign --all ${config}`]),
  ];
}
