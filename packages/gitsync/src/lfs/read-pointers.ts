import type { TreeEntry, TreeListing } from "../checkout/tree-listing.ts";
import { runGit } from "../engines/git-process.ts";
import type { GitCall } from "../engines/git-process.ts";
import type { ObjectReader } from "../repository/objects.ts";
import { parseLfsPointer } from "./lfs-pointer.ts";
import type { LfsPointer } from "./lfs-pointer.ts";

const ATTRIBUTES_FILE = /(?:^|\/)\.gitattributes$/;

/** How many paths git is asked about at a time, which bounds what it answers. */
const MAX_PATHS_PER_CALL = 50_000;

/** A tree, and where its objects are. */
export interface ReadableTree {
  readonly reader: ObjectReader;
  readonly listing: TreeListing;
}

/**
 * Lists the files of a tree that say which files are Git LFS's; none where no word of them is about it, so that nothing
 * else need be asked.
 */
export async function listLfsAttributes({ listing, reader }: ReadableTree): Promise<readonly TreeEntry[]> {
  const files = listing.entries.filter((entry) => ATTRIBUTES_FILE.test(entry.path) && isFile(entry));
  for await (const bytes of reader.readBlobs(files.map(({ oid }) => oid))) {
    if (Buffer.from(bytes).includes("lfs")) {
      return files;
    }
  }
  return [];
}

/**
 * Finds the files of a tree that are pointers by their attributes and their contents.
 *
 * @param call a call of git in a repository that has the tree's attributes in its index
 * @returns the tree, in which each of them says what it stands for
 * @throws GitSyncError ERR_GITSYNC_LFS for a pointer that nobody can resolve
 * @see https://git-scm.com/docs/git-check-attr
 */
export async function readPointers(
  call: Omit<GitCall, "args">,
  { listing, reader }: ReadableTree,
): Promise<TreeListing> {
  const files = listing.entries.filter(isFile);
  const filtered: TreeEntry[] = [];
  for (let start = 0; start < files.length; start += MAX_PATHS_PER_CALL) {
    const batch = files.slice(start, start + MAX_PATHS_PER_CALL);
    const paths = await selectLfsPaths(call, batch);
    filtered.push(...batch.filter(({ path }) => paths.has(path)));
  }
  const pointers = await parsePointers(reader, filtered);
  const entries = listing.entries.map((entry): TreeEntry => {
    const pointer = pointers.get(entry.path);
    return pointer === undefined ? entry : { ...entry, pointer };
  });
  return { ...listing, entries, byPath: new Map(entries.map((entry) => [entry.path, entry])) };
}

/** What the pointers of a tree stand for, each once. */
export function listPointers({ entries }: TreeListing): readonly LfsPointer[] {
  const pointers = entries.flatMap(({ pointer }) => pointer ?? []);
  return [...new Map(pointers.map((pointer) => [`${pointer.oid} ${pointer.size}`, pointer])).values()];
}

async function selectLfsPaths(
  call: Omit<GitCall, "args">,
  entries: readonly TreeEntry[],
): Promise<ReadonlySet<string>> {
  const args = ["check-attr", "--cached", "--stdin", "-z", "filter"];
  // The user's own attributes are no part of the repository.
  const settings = [...(call.settings ?? []), "core.attributesFile=/dev/null"];
  const input = Buffer.from(entries.map(({ path }) => `${path}\0`).join(""), "latin1");
  const { stdout } = await runGit({ ...call, settings, args, input });
  const answers = stdout.matchAll(/([^\0]+)\0filter\0([^\0]*)\0/g);
  return new Set([...answers].flatMap(([, path, value]) => (value === "lfs" ? (path ?? []) : [])));
}

async function parsePointers(
  reader: ObjectReader,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, LfsPointer>> {
  const pointers = new Map<string, LfsPointer>();
  let index = 0;
  for await (const bytes of reader.readBlobs(entries.map(({ oid }) => oid))) {
    const path = entries[index]?.path;
    const pointer = parseLfsPointer(bytes);
    if (path !== undefined && pointer !== undefined) {
      pointers.set(path, pointer);
    }
    index += 1;
  }
  return pointers;
}

function isFile({ type }: TreeEntry): boolean {
  return type === "file" || type === "executable";
}
