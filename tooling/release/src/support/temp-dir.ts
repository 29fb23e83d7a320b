import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { onTestFinished } from "vitest";

/** A directory in the temporary one, with a function that removes it and all that is in it. */
export interface TempDir {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Makes a directory; who asks for it removes it. */
export async function makeTempDir(prefix: string): Promise<TempDir> {
  const path = await realpath(await mkdtemp(`${tmpdir()}/${prefix}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Makes a directory that goes when the current test ends. */
export async function tempDirForTest(prefix: string): Promise<string> {
  const { path, remove } = await makeTempDir(prefix);
  onTestFinished(remove);
  return path;
}
