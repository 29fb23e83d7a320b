import { stat } from "node:fs/promises";
import { basename } from "node:path";

import { execa } from "execa";

import { ROOT } from "./places.ts";

/** A package as the registry would get it. */
export interface Tarball {
  readonly path: string;
  /** Size in bytes, compressed. */
  readonly size: number;
  /** Mode, such as `-rw-r--r--`, by the file's name in the package. */
  readonly modes: ReadonlyMap<string, string>;
}

/**
 * Packs a package as publishing it would.
 *
 * @param directory relative to the checkout; its build must be up to date
 * @param target where the tarball goes
 */
export async function packPackage(directory: string, target: string): Promise<Tarball> {
  const path = `${target}/${basename(directory)}.tgz`;
  await execa("pnpm", ["pack", "--out", path], { cwd: `${ROOT}/${directory}` });
  const { stdout } = await execa("tar", ["--list", "--verbose", "--gzip", "--file", path]);
  const entries = stdout.split("\n").map((line) => {
    const [mode = ""] = line.split(" ");
    return [line.replace(/^.* package\//, ""), mode] as const;
  });
  return { path, size: (await stat(path)).size, modes: new Map(entries) };
}

/** Reads a file of a tarball. */
export async function readPacked({ path }: Tarball, name: string): Promise<string> {
  const { stdout } = await execa(
    "tar",
    ["--extract", "--to-stdout", "--gzip", "--file", path, `package/${name}`],
    {
      stripFinalNewline: false,
    },
  );
  return stdout;
}
