import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { commitAll, environment, runGit, writeFiles } from "./repository.ts";

/** Some of a repository's objects, and how their pack is to be written. */
export interface PackContents {
  readonly oids: readonly string[];
  /** Whether deltas name the distance to their base, or their base. */
  readonly hasOffsetDeltas: boolean;
}

/** Bytes that do not compress, and of which no part comes twice. */
function makeNoise(count: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, nth) =>
    createHash("sha256").update(`${seed} ${nth}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, count);
}

/** Makes a repository whose files change little from commit to commit, with a blob that no single read holds. */
export function createHistory(directory: string, commits: number): void {
  mkdirSync(directory);
  runGit(directory, "init", "--quiet", "--initial-branch=main");
  writeFileSync(join(directory, "noise.bin"), makeNoise(2.5 * 2 ** 20, "noise"));
  for (let nth = 0; nth < commits; nth += 1) {
    const lines = Array.from({ length: 120 }, (_, line) =>
      line % commits === nth ? `changed in ${nth}` : makeNoise(16, `line ${line}`).toString("hex"),
    );
    writeFiles(directory, {
      "lines.txt": lines.join("\n"),
      "nested/list.txt": `${"entry\n".repeat(200)}${nth}\n`,
      [`nested/file-${nth}.txt`]: `${nth}\n`,
    });
    commitAll(directory);
  }
}

/** Names of all objects of a repository. */
export function listObjects(directory: string): string[] {
  const format = "--batch-check=%(objectname)";
  return runGit(directory, "cat-file", "--batch-all-objects", "--unordered", format).split("\n").toSorted();
}

/** Makes a repository without objects. */
export function createBare(directory: string): string {
  runGit(join(directory, ".."), "init", "--quiet", "--bare", "--initial-branch=main", directory);
  return directory;
}

/**
 * Lets the real git write objects of one repository into a pack of another one.
 *
 * @returns the pack's name
 */
export function addPack(from: string, gitDir: string, { oids, hasOffsetDeltas }: PackContents): string {
  const options = ["--quiet", ...(hasOffsetDeltas ? ["--delta-base-offset"] : [])];
  const base = join(gitDir, "objects/pack/pack");
  const sha = execFileSync("git", ["pack-objects", ...options, base], {
    cwd: from,
    env: environment,
    input: oids.map((oid) => `${oid}\n`).join(""),
    encoding: "utf8",
  }).trim();
  return `pack-${sha}.pack`;
}

/** Everything that lies in a repository's pack directory. */
export function listPackFiles(gitDir: string): string[] {
  return readdirSync(join(gitDir, "objects/pack")).toSorted();
}

/** Makes an index of a pack with the real git, without a look at the one that it has. */
export function indexPack(path: string, target: string, version = "2"): void {
  // Git makes packs read-only, and so is the copy of an earlier call.
  rmSync(`${target}.pack`, { force: true });
  copyFileSync(path, `${target}.pack`);
  runGit(join(target, ".."), "index-pack", `--index-version=${version}`, "-o", target, `${target}.pack`);
}

/** Changes a pack and its index by hand, and makes their SHA-1s right for that. */
export function forgePack(path: string, change: (pack: Buffer, idx: Buffer) => void): void {
  const idxPath = path.replace(/pack$/, "idx");
  const [pack, idx] = [readFileSync(path), readFileSync(idxPath)];
  change(pack, idx);
  createHash("sha1")
    .update(pack.subarray(0, -20))
    .digest()
    .copy(pack, pack.length - 20);
  pack.copy(idx, idx.length - 40, pack.length - 20);
  createHash("sha1")
    .update(idx.subarray(0, -20))
    .digest()
    .copy(idx, idx.length - 20);
  rmSync(path);
  rmSync(idxPath);
  writeFileSync(path, pack);
  writeFileSync(idxPath, idx);
}
