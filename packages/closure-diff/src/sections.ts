import type { ClosureDiff, FileChanges, PackageChange, PackageChangeType } from "./closure-diff.ts";

/** Entries of a list that are shown unless all are asked for. */
const SHOWN = 20;

/** The first entries of a list, and how many are left out. */
interface Shown<Item> {
  readonly items: readonly Item[];
  readonly hidden: number;
}

/** Packages with the same kind of change. */
export interface PackageSection extends Shown<PackageChange> {
  readonly title: string;
}

/** Units, or files below /etc. */
export interface FileSection {
  readonly title: string;
  readonly groups: readonly (Shown<string> & { readonly label: string })[];
}

/** How much to show. */
export interface SectionOptions {
  /** Every entry, however many there are. */
  readonly all?: boolean | undefined;
}

/** Where each kind of change is told, the most interesting first. */
const PACKAGE_TITLES = [
  ["upgraded", "Upgraded"],
  ["downgraded", "Downgraded"],
  ["changed", "Changed versions"],
  ["added", "Added"],
  ["removed", "Removed"],
] as const satisfies readonly (readonly [PackageChangeType, string])[];

/** Lists the packages by kind of change; kinds without any are left out. */
export function listPackageSections(
  { packages }: ClosureDiff,
  options: SectionOptions,
): readonly PackageSection[] {
  return PACKAGE_TITLES.flatMap(([type, title]) => {
    const changes = packages.filter((change) => change.type === type);
    return toSection(title, changes.toSorted(compareByVersioned), options);
  });
}

/** Lists the packages that only grew or shrank, the largest difference first. */
export function listResized({ packages }: ClosureDiff, options: SectionOptions): readonly PackageSection[] {
  const changes = packages.filter(({ type }) => type === "resized");
  const bySize = changes.toSorted((first, second) => Math.abs(second.sizeDelta) - Math.abs(first.sizeDelta));
  return toSection("Same versions, other size", bySize, options);
}

/** Lists units and files below /etc that differ; either is left out where there are none. */
export function listFileSections(
  { units, etc }: ClosureDiff,
  options: SectionOptions,
): readonly FileSection[] {
  return [...toFileSection("Units", units, options), ...toFileSection("Files in /etc", etc, options)];
}

function toSection(
  title: string,
  changes: readonly PackageChange[],
  options: SectionOptions,
): readonly PackageSection[] {
  if (changes.length === 0) return [];
  return [{ title: `${title} (${changes.length})`, ...show(changes, options) }];
}

/** Generated files have no version, and many names; they go after the packages that people know. */
function compareByVersioned(first: PackageChange, second: PackageChange): number {
  return Number(isUnversioned(first)) - Number(isUnversioned(second));
}

function isUnversioned({ before, after }: PackageChange): boolean {
  return [...before, ...after].every((version) => version === "");
}

function toFileSection(
  title: string,
  files: FileChanges | undefined,
  options: SectionOptions,
): readonly FileSection[] {
  if (files === undefined) return [];
  const labels = ["changed", "added", "removed"] as const;
  const groups = labels
    .filter((label) => files[label].length > 0)
    .map((label) => ({ label, ...show(files[label], options) }));
  const rebuilt = files.rebuilt === 0 ? "" : ` (${files.rebuilt} rebuilt)`;
  return groups.length === 0 ? [] : [{ title: `${title}${rebuilt}`, groups }];
}

function show<Item>(items: readonly Item[], { all = false }: SectionOptions): Shown<Item> {
  // A line that stands for one entry takes as much room as the entry.
  if (all || items.length <= SHOWN + 1) return { items, hidden: 0 };
  return { items: items.slice(0, SHOWN), hidden: items.length - SHOWN };
}
