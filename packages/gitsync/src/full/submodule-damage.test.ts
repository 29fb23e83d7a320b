import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BROKEN, FILES, GIT_STATE, WORK_TREE } from "../../test/damage.ts";
import type { Case } from "../../test/damage.ts";
import { ENGINES } from "../../test/engines.ts";
import { commitAll, copyCheckout, makeTempDir, runGit, writeFiles } from "../../test/repository.ts";
import {
  addSubmodule,
  inspectClone,
  inspectSubmodules,
  makeSubmoduleOptions,
} from "../../test/submodules.ts";
import type { SubmoduleInspection } from "../../test/submodules.ts";
import { syncRepository } from "../index.ts";

let shared = "";
let expected: SubmoduleInspection | undefined;

function makeRepository(name: string, files: Record<string, string>): string {
  const repository = join(shared, name);
  mkdirSync(repository);
  runGit(repository, "init", "--quiet", "--initial-branch=main");
  writeFiles(repository, files);
  symlinkSync("file.txt", join(repository, "link"));
  commitAll(repository);
  return repository;
}

/** A checkout with a submodule that has one itself; each test gets a copy. */
beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), "gitsync-damage-"));
  const sub = makeRepository("sub", FILES);
  addSubmodule(sub, makeRepository("deep", FILES), "deep");
  const upstream = makeRepository("upstream", FILES);
  addSubmodule(upstream, sub, "libs/sub", "--name", "sub");
  await syncRepository(makeSubmoduleOptions(upstream, "isomorphic", join(shared, "checkout")));
  expected = inspectClone(upstream, join(shared, "clone"));
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

/** A directory whose .git is a submodule's repository. */
function exposeModule(directory: string, name: string): string {
  const exposed = makeTempDir();
  symlinkSync(join(directory, ".git/modules", name), join(exposed, ".git"));
  return exposed;
}

/** The others are about branches, which a submodule's repository does not have, or about .git as a directory. */
const STATE = GIT_STATE.filter(([name]) => !/stale|multi-pack|merge/.test(name));
const STORE = BROKEN.filter(([name]) => !/refs\/|\.git$/.test(name));

const LINK: readonly Case[] = [
  ["no .git file", (dir) => rmSync(join(dir, "libs/sub/.git"))],
  [
    "a .git file that leads elsewhere",
    (dir) => writeFileSync(join(dir, "libs/sub/.git"), "gitdir: /nowhere\n"),
  ],
  [
    "a .git file that is a symlink",
    (dir) => {
      rmSync(join(dir, "libs/sub/.git"));
      symlinkSync("../../.git/modules/sub", join(dir, "libs/sub/.git"));
    },
  ],
  [
    "a repository of its own",
    (dir) => {
      rmSync(join(dir, "libs/sub/.git"));
      runGit(join(dir, "libs/sub"), "init", "--quiet");
      commitAll(join(dir, "libs/sub"));
    },
  ],
  ["a submodule that was deinitialized", (dir) => runGit(dir, "submodule", "deinit", "--force", "libs/sub")],
  [
    "a file in the submodule's place",
    (dir) => {
      rmSync(join(dir, "libs/sub"), { recursive: true });
      writeFileSync(join(dir, "libs/sub"), "file");
    },
  ],
  [
    "a symlink in the submodule's place",
    (dir) => {
      rmSync(join(dir, "libs/sub"), { recursive: true });
      symlinkSync("../dir", join(dir, "libs/sub"));
    },
  ],
  ["no modules", (dir) => rmSync(join(dir, ".git/modules"), { recursive: true })],
  ["no nested modules", (dir) => rmSync(join(dir, ".git/modules/sub/modules"), { recursive: true })],
  [
    "a file in place of modules",
    (dir) => {
      rmSync(join(dir, ".git/modules"), { recursive: true });
      writeFileSync(join(dir, ".git/modules"), "file");
    },
  ],
  ["modules of nobody", (dir) => writeFiles(join(dir, ".git/modules"), { "other/HEAD": "1", file: "2" })],
  [
    "another work tree",
    (dir) => runGit(dir, "config", "--file", ".git/modules/sub/config", "core.worktree", ".."),
  ],
  ["no objects of the superproject", (dir) => rmSync(join(dir, ".git/objects"), { recursive: true })],
  [
    "what a killed sync left",
    (dir) => writeFiles(dir, { ".gitsync-submodules/1/HEAD": "ref: refs/heads/main\n" }),
  ],
];

describe.each(ENGINES)("syncRepository by %s, in a checkout whose submodule has", (engine) => {
  const repair = async (damage: (directory: string) => void): Promise<SubmoduleInspection> => {
    const directory = copyCheckout(join(shared, "checkout"));
    damage(directory);
    await syncRepository(makeSubmoduleOptions(join(shared, "upstream"), engine, directory));
    return inspectSubmodules(directory);
  };

  it.each([...WORK_TREE, ...STATE])("%s", async (_name, damage) => {
    expect(await repair((dir) => damage(join(dir, "libs/sub")))).toStrictEqual(expected);
  });

  it.each(STORE)("%s", async (_name, damage) => {
    expect(await repair((dir) => damage(exposeModule(dir, "sub")))).toStrictEqual(expected);
  });

  it.each(STORE.slice(0, 4))("%s inside a nested one", async (_name, damage) => {
    expect(await repair((dir) => damage(exposeModule(dir, "sub/modules/deep")))).toStrictEqual(expected);
  });

  it.each(LINK)("%s", async (_name, damage) => {
    expect(await repair(damage)).toStrictEqual(expected);
  });
});
