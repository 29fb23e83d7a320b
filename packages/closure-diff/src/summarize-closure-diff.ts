import type { ClosureDiff, FileChanges, PackageChangeType } from "./closure-diff.ts";
import { formatSizeDelta } from "./format-size.ts";

/** Fits a line of a terminal, the subject of a message and a table of hosts. */
const MAX_LENGTH = 80;

const COUNTED = [
  "upgraded",
  "downgraded",
  "changed",
  "added",
  "removed",
] as const satisfies PackageChangeType[];

/**
 * Says in a line of at most 80 characters what a diff comes to.
 *
 * @example
 * summarizeClosureDiff(diff); // "12 upgraded, 1 added, +3.4 MiB, reboot needed"
 */
export function summarizeClosureDiff(diff: ClosureDiff): string {
  if (diff.before.toplevel === diff.after.toplevel) return "no changes";
  const counts = listCounts(diff);
  const size = diff.sizeDelta === 0 ? [] : [formatSizeDelta(diff.sizeDelta)];
  const reboot = (diff.reboot ?? []).length === 0 ? [] : ["reboot needed"];
  for (let shown = counts.length; shown > 0; shown--) {
    const line = [...counts.slice(0, shown), ...size, ...reboot].join(", ");
    if (line.length <= MAX_LENGTH) return line;
  }
  return [...size, ...reboot].join(", ");
}

/** The most interesting first: the last ones are left out where the line gets too long. */
function listCounts({ packages, rebuilt, units, etc }: ClosureDiff): readonly string[] {
  const counts = [
    ...COUNTED.map((type) => [packages.filter((change) => change.type === type).length, type] as const),
    ...countFiles(units, "unit"),
    ...countFiles(etc, "etc file"),
  ].filter(([count]) => count > 0);
  return counts.length === 0 ? [`${rebuilt} rebuilt`] : counts.map(([count, what]) => `${count} ${what}`);
}

function countFiles(files: FileChanges | undefined, what: string): readonly (readonly [number, string])[] {
  if (files === undefined) return [];
  const count = files.added.length + files.removed.length + files.changed.length;
  return [[count, `${what}${count === 1 ? "" : "s"} changed`]];
}
