import { mkdir, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { formatGitFlakeRef, type Nix, openNix } from "../src/index.ts";
import {
  commitFiles,
  createPrivateStore,
  formatFlake,
  formatInput,
  type PrivateStore,
} from "./private-store.ts";

/** The real Nix on PATH, a private store, and a committed flake whose lock names an older input. */
export interface FlakeStore extends AsyncDisposable {
  readonly nix: Nix;
  readonly options: PrivateStore["options"];
  readonly flakeRef: string;
  /** Joins a path below the temporary directory; `flake`, `input`, `roots` and `store` are in it. */
  inStore(...names: readonly string[]): string;
  drvPathOf(host: string): Promise<string>;
  /** Builds host `ok` with a root of this name; returns its store path. */
  buildOk(rootName: string): Promise<string>;
}

/** Creates the store and the flake; disposing it removes both. */
export async function createFlakeStore(): Promise<FlakeStore> {
  const store = await createPrivateStore();
  const inStore = (...names: readonly string[]): string => join(store.directory, ...names);
  const nix = await openNix(store.options);
  await commitFiles(inStore("input"), { "flake.nix": formatInput("one") });
  await mkdir(inStore("flake"));
  await mkdir(inStore("roots"));
  await writeFile(inStore("flake/flake.nix"), formatFlake(inStore("input")));
  await nix.updateDirectory({ directory: inStore("flake") });
  const rev = await commitFiles(inStore("flake"), {});
  const flakeRef = formatGitFlakeRef({ directory: inStore("flake"), ref: "main", rev });
  const drvPathOf = async (host: string): Promise<string> => nix.evalDrvPath({ flakeRef, host });
  return {
    nix,
    options: store.options,
    flakeRef,
    inStore,
    drvPathOf,
    async buildOk(rootName) {
      await nix.realise({ path: await drvPathOf("ok"), root: inStore("roots", rootName) });
      return readlink(inStore("roots", rootName));
    },
    [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose](),
  };
}
