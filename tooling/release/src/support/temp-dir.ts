import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { afterAll, onTestFinished } from "vitest";

/** Makes a directory that goes when the current test ends. */
export async function tempDirForTest(prefix: string): Promise<string> {
  const path = await makeTempDir(prefix);
  onTestFinished(() => removeTree(path));
  return path;
}

/** Makes a directory that goes when the tests of the current `describe`, or file, have ended. */
export async function tempDirForGroup(prefix: string): Promise<string> {
  const path = await makeTempDir(prefix);
  afterAll(() => removeTree(path));
  return path;
}

async function makeTempDir(prefix: string): Promise<string> {
  return realpath(await mkdtemp(`${tmpdir()}/${prefix}-`));
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
