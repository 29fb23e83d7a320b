import { lstat, statfs } from "node:fs/promises";
import { basename, dirname } from "node:path";

import type { RetentionPath } from "@nix-cache/retention";

import { isErrno } from "../errno.ts";
import type { KeepingView } from "./keeping-state.ts";

/** Store paths of one command line: 1000 take about 100 KiB of the 2 MiB that Linux allows. */
const MAX_PATHS = 1000;

/** Toplevels whose closures are read at once: what Nix says of 600 of them takes 350 MiB to parse. */
const MAX_TOPLEVELS = 100;

/** What the store knows of the paths of closures. */
export type Closures = ReadonlyMap<string, RetentionPath>;

/** Which of the store paths are gone: the store does not know them, or their files are not there. */
export async function findLost(view: KeepingView, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const { config, nix, signal } = view;
  const lost = new Set<string>();
  for (const chunk of chunksOf(paths, MAX_PATHS)) {
    for (const path of await nix.findInvalidPaths({ paths: chunk, signal })) lost.add(path);
    for (const path of chunk) {
      if (!(await exists(`${config.nix.realStoreDir}/${basename(path)}`))) lost.add(path);
    }
  }
  return lost;
}

/** Reads sizes and references of everything in the closures of valid store paths. */
export async function readClosures(
  { nix, signal }: KeepingView,
  toplevels: readonly string[],
): Promise<Closures> {
  const closures = new Map<string, RetentionPath>();
  for (const paths of chunksOf(toplevels, MAX_TOPLEVELS)) {
    const { valid } = await nix.pathInfo({ paths, recursive: true, signal });
    for (const { path, narSize, references } of valid) closures.set(path, { narSize, references });
  }
  return closures;
}

/** Walks from store paths to everything that they refer to. */
export function walkClosure(closures: Closures, toplevels: Iterable<string>): ReadonlySet<string> {
  const paths = new Set(toplevels);
  // What is added while a set is walked is walked as well.
  for (const path of paths)
    for (const reference of closures.get(path)?.references ?? []) paths.add(reference);
  return paths;
}

/** NAR bytes of store paths. */
export function sumNarSizes(closures: Closures, paths: Iterable<string>): number {
  return [...paths].reduce((bytes, path) => bytes + (closures.get(path)?.narSize ?? 0), 0);
}

/** Bytes that the builder may still write on the store's disk. */
export async function readFreeBytes({ config }: Pick<KeepingView, "config">): Promise<number> {
  let directory = config.nix.realStoreDir;
  // A store that nothing was built in yet is not there, its disk is.
  while (!(await exists(directory))) directory = dirname(directory);
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Whether a list has an entry, as calls of Nix demand. */
export function isNotEmpty<T>(values: readonly T[]): values is readonly [T, ...T[]] {
  return values.length > 0;
}

function* chunksOf(paths: readonly string[], size: number): Generator<readonly [string, ...string[]]> {
  const unique = [...new Set(paths)];
  for (let start = 0; start < unique.length; start += size) {
    const chunk = unique.slice(start, start + size);
    if (isNotEmpty(chunk)) yield chunk;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
