import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { execa } from "execa";

import { ROOT } from "./places.ts";

/** Texts of files by name. */
export type Files = Readonly<Record<string, string>>;

/** Bundles an app as its npm package has it, and gives the files by name. */
export async function bundleWithTsup(app: string): Promise<Files> {
  const directory = await mkdtemp(`${tmpdir()}/npm-bundle-`);
  try {
    const cwd = `${ROOT}/${app}`;
    await execa(`${cwd}/node_modules/.bin/tsup`, ["--out-dir", directory], { cwd });
    return await readFilesOf(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Gives the files of a directory by name. */
export async function readFilesOf(directory: string): Promise<Files> {
  const names = await readdir(directory);
  const files = names.map(async (name) => [name, await readFile(`${directory}/${name}`, "utf8")] as const);
  return Object.fromEntries(await Promise.all(files));
}
