import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { resolve } from "node:path";

import { execa } from "execa";

/** A package that an app's bundle has code of. */
export interface BundledPackage {
  readonly directory: string;
  /** Its files in the bundle, sorted. */
  readonly files: readonly string[];
}

/** The part of esbuild's metafile that is read here, https://esbuild.github.io/api/#metafile. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const MODULES = "/node_modules/";

/**
 * Bundles an app as its build does, but elsewhere, and tells what went in.
 *
 * @param directory the app
 * @returns the packages of others, sorted by directory
 */
export async function readBundle(directory: string): Promise<readonly BundledPackage[]> {
  const output = await mkdtemp(`${tmpdir()}/bundle-`);
  try {
    await execa(`${directory}/node_modules/.bin/tsup`, ["--metafile", "--out-dir", output], {
      cwd: directory,
    });
    return listPackages(JSON.parse(await readFile(`${output}/metafile-esm.json`, "utf8")), directory);
  } finally {
    await rm(output, { recursive: true });
  }
}

/** Lists the packages that have bytes in a bundle; what was left out as unused has none. */
export function listPackages({ outputs }: Metafile, directory: string): readonly BundledPackage[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => resolve(directory, file))
    .filter((file) => file.includes(MODULES));
  const byPackage = Map.groupBy([...new Set(files)].toSorted(), packageDirectory);
  return [...byPackage].map(([owner, owned]) => ({ directory: owner, files: owned }));
}

function packageDirectory(file: string): string {
  const start = file.lastIndexOf(MODULES) + MODULES.length;
  const [first = "", second = ""] = file.slice(start).split("/");
  return file.slice(0, start) + (first.startsWith("@") ? `${first}/${second}` : first);
}
