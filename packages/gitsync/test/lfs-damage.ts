import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import type { Case } from "./damage.ts";
import { listLfsObjects, makeContents } from "./lfs.ts";
import { writeFiles } from "./repository.ts";

/** What large.bin holds in the undamaged checkout. */
export const CONTENTS: string = makeContents("first");

/** Other bytes of the same size. */
const OTHERS = CONTENTS.toUpperCase();

/** Puts something else in the place of the contents that git-lfs keeps. */
function replaceObject(directory: string, make: (path: string) => void): void {
  const paths = listLfsObjects(directory).map((path) => join(directory, ".git", path));
  const path = paths.find((candidate) => readFileSync(candidate, "utf8") === CONTENTS) ?? "";
  // Written anew, since git-lfs makes one file of it and of the upstream's.
  rmSync(path);
  make(path);
}

function replaceFile(directory: string, make: (path: string) => void): void {
  rmSync(join(directory, "large.bin"));
  make(join(directory, "large.bin"));
}

/** Damage to files of Git LFS. */
export const LFS_FILES: readonly Case[] = [
  ["an edited file", (dir) => replaceFile(dir, (path) => writeFileSync(path, "edited\n"))],
  [
    "an edit of the same size and time",
    (dir) => {
      writeFileSync(join(dir, "large.bin"), OTHERS);
      utimesSync(join(dir, "large.bin"), 1_700_000_000, 1_700_000_000);
    },
  ],
  ["a deleted file", (dir) => replaceFile(dir, () => undefined)],
  ["an x bit more", (dir) => chmodSync(join(dir, "large.bin"), 0o755)],
  [
    "the pointer in place of the contents",
    (dir) => replaceFile(dir, (path) => writeFileSync(path, "version https://git-lfs.github.com/spec/v1\n")),
  ],
  [
    "a symlink to the contents",
    (dir) => replaceFile(dir, (path) => symlinkSync(listLfsObjects(dir)[0] ?? "", path)),
  ],
];

/** Damage to what git-lfs keeps, and to what it obeys. */
export const LFS_STORE: readonly Case[] = [
  ["lost contents", (dir) => replaceObject(dir, () => undefined)],
  ["cut contents", (dir) => replaceObject(dir, (path) => writeFileSync(path, CONTENTS.slice(1)))],
  ["other contents of the same size", (dir) => replaceObject(dir, (path) => writeFileSync(path, OTHERS))],
  ["a directory in place of contents", (dir) => replaceObject(dir, (path) => mkdirSync(path))],
  [
    "a symlink in place of contents",
    (dir) => replaceObject(dir, (path) => symlinkSync("/proc/version", path)),
  ],
  [
    "contents that nobody may read",
    (dir) => replaceObject(dir, (path) => writeFileSync(path, CONTENTS, { mode: 0 })),
  ],
  ["no contents at all", (dir) => rmSync(join(dir, ".git/lfs"), { recursive: true })],
  [
    "a file in place of them",
    (dir) => {
      rmSync(join(dir, ".git/lfs"), { recursive: true });
      writeFileSync(join(dir, ".git/lfs"), "file");
    },
  ],
  [
    "a symlink in place of them",
    (dir) => {
      rmSync(join(dir, ".git/lfs/objects"), { recursive: true });
      symlinkSync("/nowhere", join(dir, ".git/lfs/objects"));
    },
  ],
  [
    "contents that nobody needs, and files on their way",
    (dir) =>
      writeFiles(join(dir, ".git/lfs"), {
        [`objects/11/11/${"1".repeat(64)}`]: "1",
        "objects/garbage": "2",
        "incomplete/x.part": "3",
        "tmp/123": "4",
      }),
  ],
  [
    "a git-lfs that looks elsewhere",
    (dir) =>
      writeFiles(join(dir, ".git"), { config: "[lfs]\n\turl = http://127.0.0.1:1\n\tstorage = /nowhere\n" }),
  ],
  [
    "what a killed sync left",
    (dir) => writeFiles(dir, { ".gitsync-incoming/lfs/objects/11/1": "1", ".gitsync-new/lfs/1": "1" }),
  ],
  [
    "lost packs",
    (dir) => {
      for (const name of readdirSync(join(dir, ".git/objects/pack"))) {
        rmSync(join(dir, ".git/objects/pack", name));
      }
    },
  ],
  ["an empty index", (dir) => truncateSync(join(dir, ".git/index"))],
];
