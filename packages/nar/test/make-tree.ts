import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";

import { bytesOf } from "./vectors.ts";
import type { VectorTree } from "./vectors.ts";

/** Makes the tree of a vector on disk. */
export async function makeTree(path: Buffer, tree: VectorTree): Promise<void> {
  switch (tree.type) {
    case "regular":
      await writeFile(path, bytesOf(tree.contents));
      await chmod(path, Number.parseInt(tree.mode, 8));
      break;
    case "symlink":
      await symlink(bytesOf(tree.target), path);
      break;
    case "directory":
      await mkdir(path);
      for (const { name, node } of tree.entries) {
        await makeTree(Buffer.concat([path, Buffer.from("/"), bytesOf(name)]), node);
      }
      break;
  }
}
