import type { TreeEntry, TreeListing } from "../checkout/tree-listing.ts";
import { GitSyncError } from "../errors.ts";
import type { ObjectReader } from "../repository/objects.ts";
import { parseGitConfig } from "../repository/parse-git-config.ts";

/** A submodule as a commit has it. */
export interface Submodule {
  /** Path from the root of the repository that has it; always UTF-8, unlike those of other entries. */
  readonly path: string;
  /** What .gitmodules calls it, and what its directory below .git/modules is called. */
  readonly name: string;
  /** Its address, which may be relative. */
  readonly url: string;
  /** The commit that it is pinned to. */
  readonly revision: string;
}

/** What .gitmodules says of one submodule; one character per byte. */
interface Section {
  readonly path?: string;
  readonly url?: string;
  readonly update?: string;
}

/** A .gitmodules of this size describes thousands of submodules. */
const MAX_GITMODULES_BYTES = 2 ** 20;

/** Path separators of any system, since names that are harmless here may not be elsewhere. */
const SEPARATOR = /[/\\]/;

/**
 * Lists the submodules of a tree that its .gitmodules knows by their path; others stay empty directories, as git leaves
 * them.
 *
 * @param reader where the tree's objects are
 * @param listing the tree
 * @throws GitSyncError ERR_GITSYNC_TREE for a .gitmodules that git would not read either, or that it reads with care:
 *   names, paths and addresses that lead out of their directory or could be options; ERR_GITSYNC_CORRUPT
 * @see https://git-scm.com/docs/gitmodules
 */
export async function listSubmodules(
  reader: ObjectReader,
  listing: TreeListing,
): Promise<readonly Submodule[]> {
  const file = listing.byPath.get(".gitmodules");
  const pins = listing.entries.filter(({ type }) => type === "submodule");
  if (file === undefined || pins.length === 0) {
    return [];
  }
  if (file.type !== "file" && file.type !== "executable") {
    throw treeError(`.gitmodules as a ${file.type}`);
  }
  const byPath = parseGitModules(await readText(reader, file));
  const submodules = pins.flatMap((pin) => {
    const [name, section] = byPath.get(pin.path) ?? [];
    return name === undefined || section === undefined ? [] : [toSubmodule(pin, name, section)];
  });
  checkNames(submodules.map(({ name }) => name));
  return submodules;
}

async function readText(reader: ObjectReader, file: TreeEntry): Promise<string> {
  for await (const bytes of reader.readBlobs([file.oid])) {
    if (bytes.length > MAX_GITMODULES_BYTES) {
      throw treeError(`${bytes.length} bytes of .gitmodules`);
    }
    return Buffer.from(bytes).toString("latin1");
  }
  return "";
}

/** @returns name and section by path; of several the last counts, as in git */
function parseGitModules(text: string): ReadonlyMap<string, readonly [name: string, section: Section]> {
  const byName = new Map<string, Section>();
  for (const { section, subsection, key, value } of parseGitConfig(text)) {
    if (section !== "submodule" || subsection === undefined || !/^(?:path|url|update)$/.test(key)) {
      continue;
    }
    if (value === undefined || (key === "update" && value.startsWith("!"))) {
      throw treeError(`a submodule whose ${key} git refuses`);
    }
    byName.set(subsection, { ...byName.get(subsection), [key]: value });
  }
  return new Map([...byName].map(([name, section]) => [section.path ?? "", [name, section]]));
}

function toSubmodule(pin: TreeEntry, name: string, { url = "" }: Section): Submodule {
  const submodule = { path: toText(pin.path), name: toText(name), url: toText(url), revision: pin.oid };
  for (const text of [submodule.path, submodule.name, submodule.url]) {
    if (text === "" || /\p{Cc}/u.test(text)) {
      throw treeError(`${JSON.stringify(text)} in the description of a submodule`);
    }
  }
  for (const text of [submodule.path, submodule.url]) {
    if (text.startsWith("-")) {
      throw treeError(
        `${JSON.stringify(text)}, which looks like an option, in the description of a submodule`,
      );
    }
  }
  return submodule;
}

function checkNames(names: readonly string[]): void {
  const seen = new Set(names);
  for (const name of names) {
    const parts = name.split(SEPARATOR);
    if (parts.some((part) => /^(?:|\.|\.\.|\.git)$/i.test(part))) {
      throw treeError(`a submodule called ${JSON.stringify(name)}`);
    }
    // Each name is a directory below .git/modules, and one must not be made inside the other.
    const above = parts.slice(0, -1).map((_, index) =>
      name
        .split("/")
        .slice(0, index + 1)
        .join("/"),
    );
    const outer = above.find((prefix) => prefix !== name && seen.has(prefix));
    if (outer !== undefined) {
      throw treeError(`submodules called ${JSON.stringify(outer)} and ${JSON.stringify(name)}`);
    }
  }
}

function toText(bytes: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
  } catch (cause) {
    const message = "expected .gitmodules to describe submodules in UTF-8, got other bytes";
    throw new GitSyncError("ERR_GITSYNC_TREE", message, { cause });
  }
}

function treeError(found: string): GitSyncError {
  return new GitSyncError("ERR_GITSYNC_TREE", `expected submodules that are safe to fetch, got ${found}`);
}
