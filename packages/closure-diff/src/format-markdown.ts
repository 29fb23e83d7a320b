import type { ClosureDiff } from "./closure-diff.ts";
import { formatSizeDelta } from "./format-size.ts";
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

/** Options of {@link formatClosureDiffMarkdown}. */
export type MarkdownOptions = SectionOptions;

/**
 * Writes a diff for a pull request or a message. Every name is a code span, so that none is taken for markup, a link
 * or the mention of a person, as `getty@tty1.service` would be.
 *
 * @returns blocks of GitHub-flavored Markdown without a trailing newline
 */
export function formatClosureDiffMarkdown(diff: ClosureDiff, options: MarkdownOptions = {}): string {
  if (diff.before.toplevel === diff.after.toplevel) return "No changes: both are the same closure";
  const blocks = [
    ...formatReboot(diff),
    ...listPackageSections(diff, options).map(formatPackages),
    ...listFileSections(diff, options).map(formatFiles),
    ...listResized(diff, options).map(formatPackages),
    `**Size**: ${describeTotals(diff)}`,
  ];
  return blocks.join("\n\n");
}

function formatReboot({ reboot = [] }: ClosureDiff): readonly string[] {
  if (reboot.length === 0) return [];
  return [
    formatList(
      "Reboot needed",
      reboot.map((reason) => describeReboot(reason, formatNames)),
    ),
  ];
}

function formatPackages({ title, items, hidden }: PackageSection): string {
  const packages = items.map((change) => {
    const size = change.sizeDelta === 0 ? "" : ` (${formatSizeDelta(change.sizeDelta)})`;
    const versions = describeVersions(change, formatNames);
    return `${formatCode(change.name)}${versions === "" ? "" : ` ${versions}`}${size}`;
  });
  return formatList(title, [...packages, ...(hidden === 0 ? [] : [describeHidden(hidden)])]);
}

function formatFiles({ title, groups }: FileSection): string {
  const lists = groups.map(({ label, items, hidden }) => {
    const more = hidden === 0 ? "" : `, ${describeHidden(hidden)}`;
    return `${label}: ${formatNames(items)}${more}`;
  });
  return formatList(title, lists);
}

function formatList(title: string, items: readonly string[]): string {
  return [`**${title}**`, "", ...items.map((item) => `- ${item}`)].join("\n");
}

function formatNames(names: readonly string[]): string {
  return names.map(formatCode).join(", ");
}

/** A code span takes a fence longer than any run of backticks in it, and spaces at its ends next to backticks. */
function formatCode(name: string): string {
  const text = toPrintable(name);
  const longest = (text.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}
