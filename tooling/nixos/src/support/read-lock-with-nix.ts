import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { evaluate, MEMBER_DIR } from "./evaluate.ts";
import type { Dependencies, FindOptions } from "./find-dependencies.ts";

/** What the reader gives, whose packages have a directory, too. */
export interface ReadDependencies extends Dependencies {
  readonly packages: Readonly<
    Record<string, Dependencies["packages"][string] & { readonly directory: string }>
  >;
}

/** Reads a lockfile with the Nix reader; a lockfile that this refuses is an error. */
export async function readLockWithNix(text: string, options: FindOptions): Promise<ReadDependencies> {
  const directory = await mkdtemp(`${tmpdir()}/pnpm-lock-`);
  try {
    await writeFile(`${directory}/pnpm-lock.yaml`, text);
    await writeFile(`${directory}/options.json`, JSON.stringify(options));
    return await evaluate<ReadDependencies>(`
      import ${MEMBER_DIR}/pnpm-lock (
        { text = builtins.readFile ${directory}/pnpm-lock.yaml; }
        // builtins.fromJSON (builtins.readFile ${directory}/options.json)
      )
    `);
  } finally {
    await rm(directory, { recursive: true });
  }
}
