import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that goes with the scope that holds it. */
export interface TemporaryDirectory extends Disposable {
  readonly path: string;
  /** Path of a file in it. */
  readonly file: (name: string) => string;
}

/** Creates a directory that other users may enter. */
export function createTemporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), "nix-cache-history-"));
  chmodSync(path, 0o755);
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => {
      chmodSync(path, 0o755);
      rmSync(path, { recursive: true });
    },
  };
}
