import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";

import { execa } from "execa";
import { onTestFinished } from "vitest";

/** A directory in the temporary one, with a method that removes it and all that is in it. */
export interface TempDir {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Makes a directory; Nix refuses store directories with symlinks in them, so its path has none. */
export async function makeTempDir(prefix: string): Promise<TempDir> {
  const path = await realpath(await mkdtemp(`${tmpdir()}/${prefix}-`));
  return { path, remove: () => removeTree(path) };
}

/** Makes a directory that goes when the current test ends. */
export async function tempDirForTest(prefix: string): Promise<string> {
  const { path, remove } = await makeTempDir(prefix);
  onTestFinished(remove);
  return path;
}

/** Removes a tree that may hold a store, whose directories nobody may write to. */
async function removeTree(path: string): Promise<void> {
  await execa("chmod", ["-R", "u+w", path], { reject: false });
  await execa("rm", ["-rf", path]);
}
