import type { ClosureDiff, PackageChange } from "./closure-diff.ts";
import { formatSizeDelta } from "./format-size.ts";
import { createPaint, type Paint } from "./paint.ts";
import { toPrintable } from "./printable.ts";
import {
  type FileSection,
  listFileSections,
  listPackageSections,
  listResized,
  type PackageSection,
  type SectionOptions,
} from "./sections.ts";
import { describeHidden, describeReboot, describeTotals, describeVersions } from "./words.ts";
import { wrapList } from "./wrap-list.ts";

/** Columns of the narrowest terminal in use. */
const COLUMNS = 80;

/** Room that the longest names get; longer ones push the rest of their line to the right. */
const MAX_NAME_COLUMNS = 34;

/** Options of {@link formatClosureDiffText}. */
export interface TextOptions extends SectionOptions {
  /** Escape sequences for bold and colored text; none by default. */
  readonly color?: boolean | undefined;
}

/**
 * Writes a diff for people at a terminal of 80 columns: why to reboot, packages, units, files in /etc, sizes.
 *
 * @returns lines without a trailing newline; no character of a name reaches the terminal as a control sequence
 * @example
 * process.stdout.write(`${formatClosureDiffText(diff, { color: process.stdout.isTTY })}\n`);
 */
export function formatClosureDiffText(diff: ClosureDiff, options: TextOptions = {}): string {
  if (diff.before.toplevel === diff.after.toplevel) return "No changes: both are the same closure";
  const paint = createPaint(options.color ?? false);
  const sections = [
    ...formatReboot(diff, paint),
    ...listPackageSections(diff, options).map((section) => formatPackages(section, paint)),
    ...listFileSections(diff, options).map((section) => formatFiles(section, paint)),
    ...listResized(diff, options).map((section) => formatPackages(section, paint)),
    [`${paint("bold", "Size")}: ${describeTotals(diff)}`],
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function formatReboot({ reboot = [] }: ClosureDiff, paint: Paint): readonly (readonly string[])[] {
  if (reboot.length === 0) return [];
  const reasons = reboot.flatMap((reason) =>
    wrapList([describeReboot(reason, formatNames)], { indent: 2, columns: COLUMNS }),
  );
  return [[paint("warning", "Reboot needed"), ...reasons]];
}

function formatNames(names: readonly string[]): string {
  return names.map(toPrintable).join(", ");
}

function formatPackages({ title, items, hidden }: PackageSection, paint: Paint): readonly string[] {
  const longest = items.reduce((width, { name }) => Math.max(width, name.length), 0);
  const width = Math.min(MAX_NAME_COLUMNS, longest);
  const rows = items.flatMap((change) => formatPackage(change, width, paint));
  return [paint("bold", title), ...rows, ...(hidden === 0 ? [] : [`  ${describeHidden(hidden)}`])];
}

/** One line with three columns where they fit, else the versions below the name. */
function formatPackage(change: PackageChange, width: number, paint: Paint): readonly string[] {
  const name = toPrintable(change.name);
  const versions = describeVersions(change, formatNames);
  const size = change.sizeDelta === 0 ? "" : formatSizeDelta(change.sizeDelta);
  const sizeColumns = COLUMNS - 4 - Math.max(width, name.length) - versions.length;
  const paintedSize = (columns: number): string =>
    " ".repeat(Math.max(0, columns - size.length)) +
    paint(change.sizeDelta > 0 ? "growth" : "shrinkage", size);
  if (sizeColumns >= size.length + 2) {
    return [`  ${name.padEnd(width)}  ${versions}${paintedSize(sizeColumns)}`.trimEnd()];
  }
  const first = `  ${name}${paintedSize(COLUMNS - 2 - name.length)}`;
  return [first.trimEnd(), ...wrapList([versions], { indent: 4, columns: COLUMNS })];
}

function formatFiles({ title, groups }: FileSection, paint: Paint): readonly string[] {
  const lists = groups.flatMap(({ label, items, hidden }) => {
    const names = [...items.map(toPrintable), ...(hidden === 0 ? [] : [describeHidden(hidden)])];
    return wrapList(names, { label: `${label}: `, indent: 2, columns: COLUMNS });
  });
  return [paint("bold", title), ...lists];
}
