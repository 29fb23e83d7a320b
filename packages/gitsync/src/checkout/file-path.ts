/**
 * Joins a root and a path of a tree into what the file system takes: names in git are bytes, and need not be UTF-8.
 *
 * @param root a directory
 * @param path path below it, one character per byte
 */
export function toFilePath(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
}

/** Paths of all directories above a path of a tree, outermost first, the root apart. */
export function parentsOf(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
