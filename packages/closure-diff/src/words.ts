import type { ClosureDiff, PackageChange, RebootReason } from "./closure-diff.ts";
import { formatSize, formatSizeDelta } from "./format-size.ts";

/** Versions of one side that are shown while the other side has some of them too. */
const MAX_VERSIONS = 3;

/** Writes names as they are shown on the page, with commas between them. */
export type FormatNames = (names: readonly string[]) => string;

/** Puts a reason for a reboot into words. */
export function describeReboot(reason: RebootReason, formatNames: FormatNames): string {
  if (reason.type === "kernel-params") {
    const { added, removed } = reason;
    const changes = [
      ...(added.length === 0 ? [] : [`added ${formatNames(added)}`]),
      ...(removed.length === 0 ? [] : [`removed ${formatNames(removed)}`]),
    ];
    return `kernel parameters: ${changes.length === 0 ? "in another order" : changes.join("; ")}`;
  }
  const { type, before, after } = reason;
  if (before === after) return `${type}: rebuilt`;
  const sides = [before, after].map((name) => (name === undefined ? "none" : formatNames([name])));
  return `${type}: ${sides.join(" → ")}`;
}

/** Puts the versions of a package into words; empty where it has none. */
export function describeVersions(change: PackageChange, formatNames: FormatNames): string {
  const { type, before, after } = change;
  if (type === "added" || type === "resized") return formatNames(nameVersions(after));
  if (type === "removed") return formatNames(nameVersions(before));
  const sides = [shorten(before, after), shorten(after, before)];
  return sides.map((side) => formatNames(nameVersions(side)) || "none").join(" → ");
}

/** Leaves out of a long list what the other side has too. */
function shorten(versions: readonly string[], others: readonly string[]): readonly string[] {
  if (versions.length <= MAX_VERSIONS) return versions;
  const own = versions.filter((version) => !others.includes(version));
  return own.length === 0 ? versions : own;
}

function nameVersions(versions: readonly string[]): readonly string[] {
  if (versions.every((version) => version === "")) return [];
  return versions.map((version) => (version === "" ? "no version" : version));
}

/** Says how large the closures are. */
export function describeTotals({ before, after, sizeDelta, rebuilt }: ClosureDiff): string {
  const size =
    sizeDelta === 0
      ? formatSize(after.closureSize)
      : `${formatSize(before.closureSize)} → ${formatSize(after.closureSize)} (${formatSizeDelta(sizeDelta)})`;
  const paths =
    before.pathCount === after.pathCount
      ? `${after.pathCount} paths`
      : `${before.pathCount} → ${after.pathCount} paths`;
  return [size, paths, ...(rebuilt === 0 ? [] : [`${rebuilt} rebuilt`])].join(", ");
}

/** Says that a list is cut. */
export function describeHidden(hidden: number): string {
  return `and ${hidden} more`;
}
