import type { ClosureDiff, PackageChange, PackageChangeType } from "./closure-diff.ts";
import { compareVersions } from "./compare-versions.ts";
import { parsePackageName, storePathName } from "./package-name.ts";
import { compareTexts } from "./text-order.ts";
import type { WalkedClosure } from "./walk-closure.ts";

/** `nix store diff-closures` tells of a change in size from here on, in bytes. */
const RESIZED_BYTES = 8 * 1024;

interface Side {
  readonly versions: Set<string>;
  readonly paths: Set<string>;
  narSize: number;
}

interface Package {
  readonly before: Side;
  readonly after: Side;
}

/** Compares the packages of two closures by name and versions. */
export function diffPackages(
  before: WalkedClosure,
  after: WalkedClosure,
): Pick<ClosureDiff, "packages" | "rebuilt"> {
  const packages = new Map<string, Package>();
  addPaths(packages, before, "before");
  addPaths(packages, after, "after");
  const rebuilt = packages.values().filter(isRebuilt).toArray().length;
  const changes = packages.entries().map(([name, found]) => describeChange(name, found));
  return {
    packages: changes
      .filter((change) => change !== undefined)
      .toArray()
      .toSorted((first, second) => compareTexts(first.name, second.name)),
    rebuilt,
  };
}

function addPaths(packages: Map<string, Package>, closure: WalkedClosure, side: keyof Package): void {
  for (const [path, { narSize }] of closure) {
    const { name, version } = parsePackageName(storePathName(path));
    const found = packages.get(name) ?? { before: emptySide(), after: emptySide() };
    packages.set(name, found);
    found[side].versions.add(version);
    found[side].paths.add(path);
    found[side].narSize += narSize;
  }
}

function emptySide(): Side {
  return { versions: new Set(), paths: new Set(), narSize: 0 };
}

function isRebuilt({ before, after }: Package): boolean {
  return isSame(before.versions, after.versions) && !isSame(before.paths, after.paths);
}

function isSame(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  return first.symmetricDifference(second).size === 0;
}

function describeChange(name: string, { before, after }: Package): PackageChange | undefined {
  const sizeDelta = after.narSize - before.narSize;
  const type = isSame(before.versions, after.versions)
    ? Math.abs(sizeDelta) >= RESIZED_BYTES && "resized"
    : classify(before.versions, after.versions);
  if (type === false) return undefined;
  return {
    type,
    name,
    before: sortVersions(before.versions),
    after: sortVersions(after.versions),
    sizeDelta,
  };
}

function classify(before: ReadonlySet<string>, after: ReadonlySet<string>): PackageChangeType {
  if (before.size === 0) return "added";
  if (after.size === 0) return "removed";
  const gone = sortVersions(before.difference(after));
  const come = sortVersions(after.difference(before));
  if (gone.length === 0 || come.length === 0) return "changed";
  // Where one end rises and the other falls, this is 0.
  const direction =
    compareVersions(come[0] ?? "", gone[0] ?? "") + compareVersions(come.at(-1) ?? "", gone.at(-1) ?? "");
  if (direction === 0) return "changed";
  return direction > 0 ? "upgraded" : "downgraded";
}

/** Versions that Nix holds to be as high, such as 1.0 and 1-0, are put in order by their text. */
function sortVersions(versions: ReadonlySet<string>): readonly string[] {
  return [...versions].toSorted(
    (first, second) => compareVersions(first, second) || compareTexts(first, second),
  );
}
