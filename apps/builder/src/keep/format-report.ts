import { BYTES_PER_GB } from "../gigabyte.ts";
import { formatBytes } from "../text/format-bytes.ts";
import { formatTable } from "../text/format-table.ts";
import { formatAge } from "../text/format-time.ts";
import { paint } from "../text/paint.ts";
import type { GenerationReport, KeepingReport } from "./keeping-report.ts";

/** Columns with numbers: generation, age, bytes. */
const RIGHT = [1, 2, 4];

/** Writes what `prune` did or would do, for people. */
export function formatReport(report: KeepingReport, now: Date, width?: number): string {
  const { generations, notes } = report;
  const header = ["HOST", "GENERATION", "AGE", "", "FREES", "WHY"];
  const rows = [header, ...generations.map((generation) => formatRow(generation, now))];
  const table = formatTable(rows, { right: RIGHT, ...(width === undefined ? {} : { width }) });
  const lines = [
    ...describeSizes(report),
    ...describeCollection(report),
    ...notes.map((note) => `Note: ${note}`),
  ];
  const end = report.dryRun ? ["Nothing was changed."] : [];
  const text = [...lines, ...end].map((line) => `${line}\n`).join("");
  return generations.length === 0 ? `No generation is published.\n${text}` : `${table}\n${text}`;
}

function formatRow(report: GenerationReport, now: Date): readonly string[] {
  const { decision, frees, generation, host, publishedAt, reason, why } = report;
  const isBad = decision === "drop" || reason === "missing";
  return [
    host,
    String(generation),
    formatAge(publishedAt, now),
    paint(isBad ? "warning" : "good", decision),
    frees === undefined ? "" : formatBytes(frees),
    why,
  ];
}

function describeSizes(report: KeepingReport): readonly string[] {
  const { freeBytes, limits, overCap, rootedBytesAfter, rootedBytesBefore, rootedPaths, underMinFree } =
    report;
  const cap =
    limits.maxCacheSize === 0 ? "without a limit" : `of ${formatBytes(limits.maxCacheSize * BYTES_PER_GB)}`;
  const change = rootedBytesAfter === rootedBytesBefore ? "" : `, before ${formatBytes(rootedBytesBefore)}`;
  const minFree =
    limits.minFreeSpace === 0 ? "" : `, ${formatBytes(limits.minFreeSpace * BYTES_PER_GB)} are to be`;
  return [
    `Kept: ${formatBytes(rootedBytesAfter)} ${cap} in ${rootedPaths} store paths${change}`,
    `Free on the store's disk: ${formatBytes(Math.max(0, freeBytes))}${minFree}`,
    ...(overCap ? ["Over the cap: only protected generations are left."] : []),
    ...(underMinFree ? ["Too little free space: only protected generations are left."] : []),
  ];
}

function describeCollection({ collection }: KeepingReport): readonly string[] {
  if (collection === undefined) return [];
  const { deletedPaths = 0, freedBytes = 0, plannedBytes } = collection;
  const planned = `${formatBytes(plannedBytes)} were planned`;
  return [`Deleted: ${deletedPaths} store paths, ${formatBytes(freedBytes)} on disk (${planned})`];
}
