import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { parentsOf } from "../checkout/file-path.ts";

/**
 * Removes everything below a directory but some paths and what is above and below them; without any, the directory too.
 *
 * @param root the directory, which may be missing where nothing is to be kept
 * @param paths what stays, relative to it
 */
export async function removeOtherPaths(root: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) {
    await rm(root, { recursive: true, force: true });
    return;
  }
  const kept = new Set(paths);
  const parents = new Set(paths.flatMap(parentsOf));
  const pending = [""];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    for (const entry of await readdir(join(root, prefix), { withFileTypes: true })) {
      const path = prefix + entry.name;
      // What a symlink leads to is not ours to remove from.
      if (parents.has(path) && entry.isDirectory()) {
        pending.push(`${path}/`);
      } else if (!kept.has(path)) {
        await rm(join(root, path), { recursive: true, force: true });
      }
    }
  }
}
