import { lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { errnoOf } from "../errors.ts";
import { LFS_DIR } from "../lfs/lfs-objects.ts";
import { MODULES_DIR } from "../submodules/modules-dir.ts";
import { formatGitConfig, formatModuleConfig } from "./git-config.ts";
import type { ConfigOptions, ModuleConfigOptions } from "./git-config.ts";
import { writeAtomically } from "./git-fs.ts";
import { formatPackList, listPacks } from "./object-store.ts";

/** What a .git directory of a checkout holds; anything else is left over from other work, or from a crash. */
const TOP_LEVEL = new Set(["HEAD", "config", "index", LFS_DIR, MODULES_DIR, "objects", "refs"]);

/** git marks a pack whose objects may name others that only the remote has by a file `.promisor`. */
const PACK_FILE = /^pack-[0-9a-f]{40}\.(?:pack|idx|promisor)$/;

/**
 * Makes an empty repository at a path where nothing is.
 *
 * @param gitDir the .git directory to be
 * @param branch the branch that HEAD names
 */
export async function createGitDir(gitDir: string, branch: string): Promise<void> {
  for (const name of ["objects/info", "objects/pack", "refs/heads", "refs/remotes"]) {
    await mkdir(join(gitDir, name), { recursive: true });
  }
  await writeAtomically(join(gitDir, "HEAD"), `ref: refs/heads/${branch}\n`);
}

/**
 * Points a repository whose objects are complete at a revision, so that a crash in between leaves it on the old or on
 * the new one: refs first, then HEAD, then the configuration, then whatever is no longer needed goes.
 *
 * @param gitDir the .git directory
 * @param upstream what it follows, and how
 * @param revision object name of the commit
 */
export async function pointGitDir(gitDir: string, upstream: ConfigOptions, revision: string): Promise<void> {
  const { branch } = upstream;
  const refs = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`];
  for (const ref of refs) {
    await clearWay(gitDir, ref);
    await writeIfChanged(join(gitDir, ref), `${revision}\n`);
  }
  await writeIfChanged(join(gitDir, "HEAD"), `ref: refs/heads/${branch}\n`);
  await writeIfChanged(join(gitDir, "config"), formatGitConfig(upstream));
  await tidyUp(gitDir, refs);
}

/**
 * Points a submodule's repository at a commit, without any branch.
 *
 * @param gitDir its .git directory, below .git/modules of the repository that has it
 * @param options what it belongs to, and how
 * @param revision object name of the commit
 */
export async function pointModuleDir(
  gitDir: string,
  options: ModuleConfigOptions,
  revision: string,
): Promise<void> {
  // git takes no directory without it for a repository.
  await mkdir(join(gitDir, "refs"), { recursive: true });
  await writeIfChanged(join(gitDir, "HEAD"), `${revision}\n`);
  await writeIfChanged(join(gitDir, "config"), formatModuleConfig(options));
  await tidyUp(gitDir, []);
}

/** Writes a file atomically, unless it has these contents already. */
export async function writeIfChanged(path: string, contents: string | Uint8Array): Promise<void> {
  if (!(await hasContents(path, Buffer.from(contents)))) {
    await writeAtomically(path, contents);
  }
}

async function hasContents(path: string, contents: Buffer): Promise<boolean> {
  try {
    return (await lstat(path)).isFile() && contents.equals(await readFile(path));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return false;
    }
    throw error;
  }
}

/** A branch a and a branch a/b cannot both be files: removes what stands where a ref or a directory above it goes. */
async function clearWay(gitDir: string, ref: string): Promise<void> {
  const parts = ref.split("/");
  for (let count = 1; count < parts.length; count += 1) {
    const path = join(gitDir, ...parts.slice(0, count));
    if ((await typeOf(path)) === "other") {
      await rm(path);
    }
  }
  await mkdir(dirname(join(gitDir, ref)), { recursive: true });
  if ((await typeOf(join(gitDir, ref))) === "directory") {
    await rm(join(gitDir, ref), { recursive: true });
  }
}

async function typeOf(path: string): Promise<"absent" | "directory" | "other"> {
  try {
    return (await lstat(path)).isDirectory() ? "directory" : "other";
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      return "absent";
    }
    throw error;
  }
}

async function tidyUp(gitDir: string, refs: readonly string[]): Promise<void> {
  await removeOthers(gitDir, refs);
  await writeIfChanged(join(gitDir, "objects/info/packs"), formatPackList(await listPacks(gitDir)));
}

async function removeOthers(gitDir: string, refs: readonly string[]): Promise<void> {
  await removeExcept(gitDir, (name) => TOP_LEVEL.has(name));
  await removeExcept(join(gitDir, "objects"), (name) => /^(?:[0-9a-f]{2}|info|pack)$/.test(name));
  for (const name of (await readdir(join(gitDir, "objects"))).filter((entry) => entry.length === 2)) {
    await removeExcept(join(gitDir, "objects", name), (object) => /^[0-9a-f]{38}$/.test(object));
  }
  await removeExcept(join(gitDir, "objects/info"), (name) => name === "packs");
  const packs = new Set(await listPacks(gitDir));
  await removeExcept(
    join(gitDir, "objects/pack"),
    (name) => PACK_FILE.test(name) && packs.has(name.replace(/[a-z]+$/, "pack")),
  );
  await removeOtherRefs(gitDir, "refs", refs);
}

async function removeOtherRefs(gitDir: string, directory: string, refs: readonly string[]): Promise<void> {
  for (const name of await readdir(join(gitDir, directory))) {
    const ref = `${directory}/${name}`;
    if (refs.some((kept) => kept.startsWith(`${ref}/`))) {
      await removeOtherRefs(gitDir, ref, refs);
    } else if (!refs.includes(ref)) {
      await rm(join(gitDir, ref), { recursive: true });
    }
  }
}

async function removeExcept(directory: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!isKept(name)) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}
