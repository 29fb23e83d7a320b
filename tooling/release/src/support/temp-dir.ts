import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { onTestFinished } from "vitest";

/** Makes a directory that goes when the current test ends. */
export async function tempDirForTest(prefix: string): Promise<string> {
  const path = await realpath(await mkdtemp(`${tmpdir()}/${prefix}-`));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
