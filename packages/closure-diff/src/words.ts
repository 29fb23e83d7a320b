import type { ClosureDiff, PackageChange, RebootReason } from "./closure-diff.ts";
import { formatSize, formatSizeDelta } from "./format-size.ts";

/** Versions of one side that are shown while the other side has some of them too. */
const MAX_VERSIONS = 3;

/** A part of a system that needs a reboot, and what happened to it, each piece a name as it stands in the store. */
export interface RebootWords {
  readonly part: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Said in place of both where they do not tell. */
  readonly remark?: string;
}

/** Puts a reason for a reboot into words. */
export function describeReboot(reason: RebootReason): RebootWords {
  if (reason.type === "kernel-params") {
    const { added, removed } = reason;
    const remark = added.length + removed.length === 0 ? { remark: "another order" } : {};
    return { part: "kernel parameters", before: removed, after: added, ...remark };
  }
  const { type, before, after } = reason;
  return {
    part: type,
    before: before === undefined ? [] : [before],
    after: after === undefined ? [] : [after],
    ...(before === after ? { remark: "rebuilt" } : {}),
  };
}

/** Lists the versions of each side; of long lists only those that the other side does not have. */
export function describeVersions({ before, after }: PackageChange): Pick<RebootWords, "before" | "after"> {
  return { before: shorten(before, after), after: shorten(after, before) };
}

function shorten(versions: readonly string[], others: readonly string[]): readonly string[] {
  const isLong = versions.length > MAX_VERSIONS && others.length > 0;
  const shown = isLong ? versions.filter((version) => !others.includes(version)) : versions;
  const named = shown.filter((version) => version !== "" || versions.length > 1);
  return named.map((version) => (version === "" ? "(none)" : version));
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
