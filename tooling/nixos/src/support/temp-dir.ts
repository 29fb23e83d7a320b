import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

/** A directory that goes at the end of its scope. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty directory. */
export async function makeDirectory(): Promise<TempDir> {
  const path = await mkdtemp(`${tmpdir()}/nixos-`);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
