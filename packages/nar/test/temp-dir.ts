import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary directory, removed at the end of its scope. */
export interface TempDir extends AsyncDisposable {
  /** Returns the path of something in it. */
  at(name: string): string;
}

/** Makes a temporary directory. */
export async function createTempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), "nar-"));
  return {
    at: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
