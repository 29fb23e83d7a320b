import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type Nix, openNix } from "../src/index.ts";
import type { FlakeStore } from "./flake-store.ts";

/** Opens the real Nix of a store, with a line of shell that runs before each deletion. */
export async function openWithDeletionHook(fixture: FlakeStore, hook: string): Promise<Nix> {
  const binDir = fixture.inStore("wrapped");
  await mkdir(binDir);
  const writeProgram = async (name: string, line: string): Promise<void> =>
    writeFile(join(binDir, name), `#!/bin/sh\n${line}\nexec ${name} "$@"\n`, { mode: 0o755 });
  await writeProgram("nix", "");
  await writeProgram("nix-store", `if [ "$1" = --delete ]; then ${hook}; fi`);
  return openNix({ ...fixture.options, binDir });
}
