import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import { createUpstream, environment, makeTempDir, runGit, writeFiles } from "../test/repository.ts";
import { exportTree, syncRepository } from "./index.ts";

/** Writes an object as it is; the real git checks nothing with --literally. */
function writeObject(repository: string, type: string, contents: Uint8Array | string): string {
  const args = ["hash-object", "-t", type, "-w", "--stdin", "--literally"];
  return execFileSync("git", args, {
    cwd: repository,
    env: environment,
    input: contents,
    encoding: "utf8",
  }).trim();
}

function treeEntry(mode: string, name: string, oid: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]);
}

/** Points main at a commit of a tree with the given bytes. */
function commitTree(repository: string, tree: Uint8Array): void {
  const oid = writeObject(repository, "tree", tree);
  const commit = runGit(repository, "commit-tree", "-m", "hostile", oid);
  runGit(repository, "update-ref", "refs/heads/main", commit);
}

/** One directory deeper each time, ten times the same in each: 10^10 files of a few objects. */
function writeBomb(repository: string): Buffer {
  const file = writeObject(repository, "blob", "bomb");
  let level = Buffer.concat(Array.from({ length: 10 }, (_, index) => treeEntry("100644", `f${index}`, file)));
  for (let depth = 0; depth < 9; depth += 1) {
    const oid = writeObject(repository, "tree", level);
    level = Buffer.concat(Array.from({ length: 10 }, (_, index) => treeEntry("40000", `d${index}`, oid)));
  }
  return level;
}

const TREES: readonly (readonly [
  name: string,
  make: (blob: string, tree: string, repository: string) => Buffer,
])[] = [
  ["a file above the root", (blob) => treeEntry("100644", "..", blob)],
  ["a directory above the root", (_blob, tree) => treeEntry("40000", "..", tree)],
  ["a file named as its own directory", (blob) => treeEntry("100644", ".", blob)],
  ["a .git directory", (_blob, tree) => treeEntry("40000", ".git", tree)],
  ["a .GIT file", (blob) => treeEntry("100644", ".GIT", blob)],
  ["a slash in a name", (blob) => treeEntry("100644", "../escaped", blob)],
  ["an absolute name", (blob) => treeEntry("100644", "/tmp/escaped", blob)],
  [
    "a symlink and a directory of one name",
    (blob, tree) => Buffer.concat([treeEntry("120000", "a", blob), treeEntry("40000", "a", tree)]),
  ],
  [
    "a directory and a file of one name",
    (blob, tree) => Buffer.concat([treeEntry("40000", "a", tree), treeEntry("100644", "a", blob)]),
  ],
  [
    "the same file twice",
    (blob) => Buffer.concat([treeEntry("100644", "a", blob), treeEntry("100755", "a", blob)]),
  ],
  ["an unknown mode", (blob) => treeEntry("060000", "device", blob)],
  ["more files than any disk holds", (_blob, _tree, repository) => writeBomb(repository)],
];

describe.each(ENGINES)("a hostile tree, fetched by %s, with", (engine) => {
  const makeOptions = optionsFor(engine);

  it.each(TREES)("%s is refused, and nothing is written", async (_name, make) => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    const { revision } = await syncRepository(options);
    const blob = writeObject(upstream, "blob", "..");
    const tree = writeObject(upstream, "tree", treeEntry("100644", "escaped", blob));
    commitTree(upstream, make(blob, tree, upstream));

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });
    await expect(syncRepository(makeOptions(upstream))).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });

    expect(runGit(options.directory, "rev-parse", "HEAD")).toBe(revision);
    expect(runGit(options.directory, "status", "--porcelain", "--ignored")).toBe("");
    expect(existsSync(join(options.directory, "../escaped"))).toBe(false);
  });

  it("a symlink without a target is refused", async () => {
    const upstream = createUpstream();
    const empty = writeObject(upstream, "blob", "");
    commitTree(upstream, treeEntry("120000", "link", empty));

    await expect(syncRepository(makeOptions(upstream))).rejects.toMatchObject({ name: "GitSyncError" });
  });

  it("symlinks out of the tree: nothing is written through them", async () => {
    const outside = makeTempDir();
    writeFiles(outside, { "victim.txt": "untouched\n" });
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    const link = writeObject(upstream, "blob", outside);
    commitTree(upstream, treeEntry("120000", "dir", link));
    await syncRepository(options);
    const file = writeObject(upstream, "blob", "overwritten\n");
    const tree = writeObject(upstream, "tree", treeEntry("100644", "victim.txt", file));
    commitTree(upstream, treeEntry("40000", "dir", tree));

    const { revision } = await syncRepository(options);
    await exportTree({ directory: options.directory, revision, destination: join(makeTempDir(), "out") });

    expect(readFileSync(join(outside, "victim.txt"), "utf8")).toBe("untouched\n");
    expect(readdirSync(outside)).toStrictEqual(["victim.txt"]);
  });
});
