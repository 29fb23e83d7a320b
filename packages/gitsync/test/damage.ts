import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import { runCommand } from "./commands.ts";
import { commitAll, listBelow, runGit, writeFiles } from "./repository.ts";

/** Something that happens to a checkout. */
type Damage = (directory: string) => void;
/** A damage and its name. */
export type Case = readonly [name: string, damage: Damage];

/** What the undamaged checkout holds, beside a symlink `link`. */
export const FILES = {
  "file.txt": "file\n",
  "dir/a.txt": "a\n",
  "script.sh": "#!/bin/sh\n",
  ".gitignore": "ignored/\n*.log\n",
};

function replace(directory: string, path: string, make: (path: string) => void): void {
  rmSync(join(directory, path), { recursive: true, force: true });
  make(join(directory, path));
}

/** Writes other bytes of the same length and puts the old time back. */
function editUnseen(path: string): void {
  writeFileSync(path, "FILE\n");
  utimesSync(path, 1_700_000_000, 1_700_000_000);
}

function damageFiles(directory: string, pattern: RegExp, damage: Damage): void {
  const paths = listBelow(join(directory, ".git")).filter((path) => pattern.test(path));
  expect(paths).not.toStrictEqual([]);
  for (const path of paths) {
    chmodSync(path, 0o644);
    damage(path);
  }
}

function damageLooseObjects(directory: string, damage: Damage): void {
  writeFiles(directory, { "local.txt": "local\n" });
  commitAll(directory);
  damageFiles(directory, /objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/, damage);
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
  writeFileSync(path, bytes);
}

/** Damage to files. */
export const WORK_TREE: readonly Case[] = [
  ["an edit", (dir) => appendFileSync(join(dir, "file.txt"), "more\n")],
  ["an edit of the same size and time", (dir) => editUnseen(join(dir, "file.txt"))],
  ["a deleted file", (dir) => rmSync(join(dir, "dir/a.txt"))],
  ["a deleted directory", (dir) => rmSync(join(dir, "dir"), { recursive: true })],
  ["an untracked file", (dir) => writeFiles(dir, { "untracked.txt": "mine\n" })],
  ["an untracked directory", (dir) => writeFiles(dir, { "new/deep/file": "mine\n" })],
  ["an empty untracked directory", (dir) => mkdirSync(join(dir, "empty/inside"), { recursive: true })],
  ["ignored files", (dir) => writeFiles(dir, { "ignored/file": "1", "dir/debug.log": "2" })],
  ["a repository inside", (dir) => runGit(dir, "init", "--quiet", "inner")],
  ["an x bit more", (dir) => chmodSync(join(dir, "file.txt"), 0o755)],
  ["no permissions at all", (dir) => chmodSync(join(dir, "file.txt"), 0)],
  ["a directory without permissions", (dir) => chmodSync(join(dir, "dir"), 0)],
  [
    "an untracked directory without permissions",
    (dir) => {
      writeFiles(dir, { "locked/deep/file": "mine\n" });
      chmodSync(join(dir, "locked/deep"), 0);
    },
  ],
  ["a file in place of a directory", (dir) => replace(dir, "dir", (path) => writeFileSync(path, "file"))],
  ["a directory in place of a file", (dir) => replace(dir, "file.txt", (path) => mkdirSync(path))],
  [
    "a symlink in place of a file",
    (dir) => replace(dir, "file.txt", (path) => symlinkSync("script.sh", path)),
  ],
  ["a symlink in place of a directory", (dir) => replace(dir, "dir", (path) => symlinkSync("/etc", path))],
  ["a retargeted symlink", (dir) => replace(dir, "link", (path) => symlinkSync("elsewhere", path))],
  ["a file in place of a symlink", (dir) => replace(dir, "link", (path) => writeFileSync(path, "file.txt"))],
  ["a FIFO in place of a file", (dir) => replace(dir, "file.txt", (path) => runCommand("mkfifo", path))],
  ["an untracked FIFO", (dir) => runCommand("mkfifo", join(dir, "fifo"))],
];

/** What a user of git may have done. */
export const GIT_STATE: readonly Case[] = [
  [
    "staged changes",
    (dir) => {
      writeFiles(dir, { "staged.txt": "staged\n" });
      runGit(dir, "add", "staged.txt");
    },
  ],
  [
    "a local commit",
    (dir) => {
      writeFiles(dir, { "local.txt": "local\n" });
      commitAll(dir);
    },
  ],
  [
    "a detached HEAD",
    (dir) => {
      commitAll(dir);
      runGit(dir, "checkout", "--quiet", "--detach", "HEAD~1");
    },
  ],
  ["another branch checked out", (dir) => runGit(dir, "checkout", "--quiet", "-b", "mine")],
  [
    "a stash and a tag",
    (dir) => {
      writeFiles(dir, { "file.txt": "stashed\n" });
      runGit(dir, "stash", "--quiet");
      runGit(dir, "tag", "mine");
    },
  ],
  [
    "a merge with conflicts",
    (dir) => {
      runGit(dir, "checkout", "--quiet", "-b", "mine");
      writeFiles(dir, { "file.txt": "mine\n" });
      commitAll(dir);
      runGit(dir, "checkout", "--quiet", "main");
      writeFiles(dir, { "file.txt": "theirs\n" });
      commitAll(dir);
      expect(() => runGit(dir, "merge", "mine")).toThrow(/merge mine/);
    },
  ],
  [
    "skip-worktree",
    (dir) => {
      runGit(dir, "update-index", "--skip-worktree", "file.txt");
      writeFiles(dir, { "file.txt": "hidden edit\n" });
    },
  ],
  ["a sparse checkout", (dir) => runGit(dir, "sparse-checkout", "set", "dir")],
  ["an index of version 4", (dir) => runGit(dir, "update-index", "--index-version", "4")],
  ["a split index", (dir) => runGit(dir, "update-index", "--split-index")],
  ["packed refs", (dir) => runGit(dir, "pack-refs", "--all")],
  [
    "a multi-pack index and a commit graph",
    (dir) => {
      runGit(dir, "multi-pack-index", "write");
      runGit(dir, "commit-graph", "write", "--reachable");
      damageFiles(dir, /multi-pack-index|commit-graph/, flipByte);
    },
  ],
  [
    "other settings",
    (dir) => {
      runGit(dir, "config", "core.filemode", "false");
      runGit(dir, "config", "core.worktree", "/nowhere");
    },
  ],
  ...[
    "index.lock",
    "HEAD.lock",
    "shallow.lock",
    "config.lock",
    "packed-refs.lock",
    "refs/heads/main.lock",
  ].map((name): Case => [`a stale ${name}`, (dir) => writeFiles(join(dir, ".git"), { [name]: "" })]),
];

/** Damage to .git. */
export const BROKEN: readonly Case[] = [
  ...["HEAD", "config", "index", "refs/heads/main", "refs/remotes/origin/main"].flatMap((name): Case[] => [
    [`no ${name}`, (dir) => rmSync(join(dir, ".git", name))],
    [`an empty ${name}`, (dir) => truncateSync(join(dir, ".git", name))],
    [`garbage in ${name}`, (dir) => writeFileSync(join(dir, ".git", name), "\u0000garbage\n[")],
    [`a directory in place of ${name}`, (dir) => replace(join(dir, ".git"), name, (path) => mkdirSync(path))],
  ]),
  ["a garbage packed-refs", (dir) => writeFiles(join(dir, ".git"), { "packed-refs": "garbage\n\u0000" })],
  [
    "a ref to an object that is not there",
    (dir) => {
      writeFiles(join(dir, ".git"), { "refs/heads/other": `${"1".repeat(40)}\n` });
    },
  ],
  [
    "both refs at an object that is not there",
    (dir) => {
      const oid = `${"1".repeat(40)}\n`;
      writeFiles(join(dir, ".git"), { "refs/heads/main": oid, "refs/remotes/origin/main": oid });
    },
  ],
  ["a truncated pack", (dir) => damageFiles(dir, /\.pack$/, (path) => truncateSync(path, 50))],
  ["an empty pack", (dir) => damageFiles(dir, /\.pack$/, (path) => truncateSync(path))],
  ["a flipped bit in a pack", (dir) => damageFiles(dir, /\.pack$/, flipByte)],
  ["a flipped bit in a pack's index", (dir) => damageFiles(dir, /\.idx$/, flipByte)],
  ["a truncated pack index", (dir) => damageFiles(dir, /\.idx$/, (path) => truncateSync(path, 50))],
  ["lost packs", (dir) => damageFiles(dir, /\.pack$/, (path) => rmSync(path))],
  ["lost pack indexes", (dir) => damageFiles(dir, /\.idx$/, (path) => rmSync(path))],
  [
    "the oldest pack lost whole",
    (dir) => {
      const packs = listBelow(join(dir, ".git/objects/pack")).filter((path) => path.endsWith(".pack"));
      const largest = packs.toSorted((a, b) => readFileSync(b).length - readFileSync(a).length)[0] ?? "";
      rmSync(largest);
      rmSync(largest.replace(/pack$/, "idx"));
    },
  ],
  ["empty loose objects", (dir) => damageLooseObjects(dir, (path) => truncateSync(path))],
  ["garbage loose objects", (dir) => damageLooseObjects(dir, (path) => writeFileSync(path, "garbage"))],
  [
    "leftovers between the objects",
    (dir) => {
      writeFiles(join(dir, ".git/objects"), {
        "pack/tmp_pack_x": "1",
        "pack/pack-1.pack": "2",
        "zz/1": "3",
        "ab/1": "4",
      });
    },
  ],
  [
    "a history cut short",
    (dir) => {
      const revision = runGit(dir, "rev-parse", "HEAD");
      writeFiles(join(dir, ".git"), { shallow: `${revision}\n` });
    },
  ],
  ["borrowed objects", (dir) => writeFiles(join(dir, ".git"), { "objects/info/alternates": "/nowhere\n" })],
  ["no objects", (dir) => rmSync(join(dir, ".git/objects"), { recursive: true })],
  ["no refs", (dir) => rmSync(join(dir, ".git/refs"), { recursive: true })],
  ["an empty .git", (dir) => replace(dir, ".git", (path) => mkdirSync(path))],
  [
    "a half-written .git",
    (dir) => {
      replace(dir, ".git", (path) =>
        writeFiles(path, { HEAD: "ref: refs/heads/main\n", "objects/pack/tmp_pack": "PACK" }),
      );
    },
  ],
];
