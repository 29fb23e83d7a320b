import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { execa } from "execa";

/** Which programs to take out of unpacked packages, to run on a machine that has not installed them. */
export interface NativePrograms {
  /** Directory that stands for `/`. */
  readonly unpacked: string;
  /** Where that directory will be when they run. */
  readonly root: string;
  /** Names of programs: where they are has changed from one release to the next. */
  readonly programs: readonly string[];
  /** Names of libraries that are taken from there even where the machine has them. */
  readonly libraries?: readonly string[];
}

/**
 * Puts programs into `parts` of the unpacked packages, the libraries that the machine lacks into `parts/lib`, and what
 * starts the ones with the others into `parts/bin`, so that all can be copied to where another user may read it. They run
 * natively, with the machine's libraries where it has them: another libc would not fit the machine's loader.
 */
export async function collectPrograms(wanted: NativePrograms): Promise<void> {
  const { unpacked, root, programs, libraries = [] } = wanted;
  const parts = `${unpacked}/parts`;
  await mkdir(`${parts}/bin`, { recursive: true });
  await mkdir(`${parts}/lib`);
  for (const library of libraries) await copyLibrary(library, unpacked);
  for (const name of programs) {
    await copyFile(await findFile(unpacked, "-path", `*bin/${name}`, "-type", "f"), `${parts}/${name}`);
    await copyMissingLibraries(`${parts}/${name}`, unpacked);
    const own = `${root}/parts`;
    await writeFile(
      `${parts}/bin/${name}`,
      `#!/bin/sh\nLD_LIBRARY_PATH=${own}/lib exec ${own}/${name} "$@"\n`,
    );
    await chmod(`${parts}/bin/${name}`, 0o755);
  }
}

async function copyMissingLibraries(program: string, unpacked: string): Promise<void> {
  const { stdout } = await execa("ldd", [program], { env: { LD_LIBRARY_PATH: `${unpacked}/parts/lib` } });
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = ""]) => name);
  for (const name of missing) await copyLibrary(name, unpacked);
  if (missing.length > 0) {
    // What was missing may need more.
    await copyMissingLibraries(program, unpacked);
  }
}

/** The name may have wildcards, and be that of a link to the file. */
async function copyLibrary(name: string, unpacked: string): Promise<void> {
  const path = await findFile(unpacked, "-name", name);
  await copyFile(path, `${unpacked}/parts/lib/${basename(path)}`);
}

async function findFile(unpacked: string, ...test: readonly string[]): Promise<string> {
  const { stdout } = await execa("find", [unpacked, ...test, "-not", "-path", "*/parts/*"]);
  const [path = ""] = stdout.split("\n");
  if (path === "") throw new Error(`expected ${test.join(" ")} among the packages, found none`);
  return path;
}
