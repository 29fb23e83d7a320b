import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { FileChange } from "./compare-files.ts";

/** Nobody's secret: secrets are in files that units name. */
const MODE = 0o644;

/** Writes and removes what is to be written and removed, each file as a whole or not at all. */
export function applyChanges(changes: readonly FileChange[]): void {
  for (const change of changes) {
    if (change.type === "removed") rmSync(change.path);
    if (change.type === "written" || change.type === "updated") writeWhole(change.path, change.text);
  }
}

function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { flag: "wx", mode: MODE });
  // Whatever the umask.
  chmodSync(temporary, MODE);
  renameSync(temporary, path);
}
