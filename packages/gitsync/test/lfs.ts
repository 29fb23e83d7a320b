import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

import { findGitLfs } from "@nix-cache/tooling-parts";

import type { SyncRepositoryOptions } from "../src/index.ts";
import {
  commitAll,
  environment,
  inspectCheckout,
  listBelow,
  makeOptions,
  makeTempDir,
  runGitWith,
  writeFiles,
} from "./repository.ts";
import type { Inspection } from "./repository.ts";

/** Which files are Git LFS's, as `git lfs track` writes it. */
export const ATTRIBUTES = "*.bin filter=lfs diff=lfs merge=lfs -text\n";

/** An environment in which git finds git-lfs. */
export async function makeLfsEnvironment(): Promise<Record<string, string>> {
  return { ...environment, PATH: `${await findGitLfs()}:${environment["PATH"]}` };
}

/** Contents that git-lfs makes a pointer of. */
export function makeContents(seed: string, count = 5000): string {
  return `${seed}\n`.repeat(count);
}

/** Makes a repository whose files `*.bin` are Git LFS's, with one commit on main. */
export function createLfsUpstream(
  env: Record<string, string>,
  files: Readonly<Record<string, string>> = { "flake.nix": "{ }\n", "large.bin": makeContents("first") },
  upstream: string = join(makeTempDir(), "upstream"),
): string {
  mkdirSync(upstream);
  runGitWith(env, upstream, "init", "--quiet", "--initial-branch=main");
  installLfs(env, upstream);
  writeFiles(upstream, { ".gitattributes": ATTRIBUTES, ...files });
  commitAll(upstream, env);
  return upstream;
}

/** Options of a sync with the contents of Git LFS to a directory where nothing is yet. */
export function makeLfsOptions(
  env: Record<string, string>,
  url: string,
  directory?: string,
): SyncRepositoryOptions & { readonly env: Record<string, string> } {
  return { ...makeOptions(url, directory), env, engine: "git", lfs: true };
}

/** What the real git and git-lfs say about a checkout. */
export interface LfsInspection extends Inspection {
  /** Kind, x bit and hash of each file. */
  readonly files: Readonly<Record<string, string>>;
  /** What git-lfs keeps. */
  readonly objects: readonly string[];
  readonly lfsStatus: string;
  readonly lfsFsck: string;
}

/** Lets the real git and git-lfs judge a checkout. */
export function inspectLfs(env: Record<string, string>, directory: string): LfsInspection {
  const objects = listLfsObjects(directory);
  return {
    files: describeFiles(directory),
    objects,
    ...inspectCheckout(directory, env),
    lfsStatus: runGitWith(env, directory, "lfs", "status", "--porcelain"),
    lfsFsck: runGitWith(env, directory, "lfs", "fsck"),
  };
}

/** What {@link inspectLfs} says of a clone that the real git and git-lfs make. */
export function inspectLfsClone(
  env: Record<string, string>,
  upstream: string,
  clone: string = join(makeTempDir(), "clone"),
): LfsInspection {
  runGitWith(env, "/", "clone", "--quiet", "--no-checkout", upstream, clone);
  installLfs(env, clone);
  runGitWith(env, clone, "checkout", "--quiet", "main");
  return inspectLfs(env, clone);
}

/** The files that git-lfs keeps contents in, below .git. */
export function listLfsObjects(
  directory: string,
  gitDir: string = join(directory, ".git"),
): readonly string[] {
  const lfsDir = join(gitDir, "lfs/objects");
  const paths = existsSync(lfsDir) ? listBelow(lfsDir) : [];
  const files = paths.filter((path) => !lstatSync(path).isDirectory());
  return files.map((path) => relative(gitDir, path)).toSorted();
}

function installLfs(env: Record<string, string>, directory: string): void {
  runGitWith(env, directory, "lfs", "install", "--local");
  rmSync(join(directory, ".git/hooks"), { recursive: true });
}

function describeFiles(directory: string): Readonly<Record<string, string>> {
  const paths = listBelow(directory).filter((path) => !relative(directory, path).startsWith(".git/"));
  const described = paths.flatMap((path): (readonly [string, string])[] => {
    const stats = lstatSync(path);
    if (!stats.isFile()) {
      return [];
    }
    const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    return [[relative(directory, path), `${(stats.mode & 0o100) === 0 ? "-" : "x"} ${hash}`]];
  });
  return Object.fromEntries(described);
}
