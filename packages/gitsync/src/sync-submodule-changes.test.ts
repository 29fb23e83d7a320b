import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES } from "../test/engines.ts";
import { commitAll, createUpstream, runGit, writeFiles } from "../test/repository.ts";
import { addSubmodule, inspectClone, inspectSubmodules, makeSubmoduleOptions } from "../test/submodules.ts";
import { syncRepository } from "./index.ts";

type Change = (directory: string, other: string) => void;

function renameSubmodule(directory: string, from: string, to: string): void {
  runGit(
    directory,
    "config",
    "--file",
    ".gitmodules",
    "--rename-section",
    `submodule.${from}`,
    `submodule.${to}`,
  );
}

function removeSubmodule(directory: string, path: string): void {
  runGit(directory, "rm", "--quiet", "--force", path);
  rmSync(join(directory, ".git/modules"), { recursive: true, force: true });
}

const CHANGES: readonly (readonly [name: string, change: Change])[] = [
  ["a second submodule", (dir, other) => addSubmodule(dir, other, "libs/other")],
  ["no submodule any more", (dir) => removeSubmodule(dir, "libs/sub")],
  ["the submodule at another path", (dir) => runGit(dir, "mv", "libs/sub", "moved")],
  ["the submodule under another name", (dir) => renameSubmodule(dir, "sub", "other/name")],
  ["the submodule under a name below the old one", (dir) => renameSubmodule(dir, "sub", "sub/below")],
  [
    "another repository under the same name",
    (dir, other) => {
      removeSubmodule(dir, "libs/sub");
      addSubmodule(dir, other, "libs/sub", "--name", "sub");
    },
  ],
  [
    "a file in the submodule's place",
    (dir) => {
      removeSubmodule(dir, "libs/sub");
      writeFiles(dir, { "libs/sub": "a file\n" });
    },
  ],
  [
    "a directory in the submodule's place",
    (dir) => {
      removeSubmodule(dir, "libs/sub");
      writeFiles(dir, { "libs/sub/sub.txt": "ours now\n", "libs/sub/more/file": "ours\n" });
    },
  ],
  [
    "a submodule in a file's place",
    (dir, other) => {
      runGit(dir, "rm", "--quiet", "flake.nix");
      addSubmodule(dir, other, "flake.nix");
    },
  ],
  [
    "a submodule in a directory's place",
    (dir, other) => {
      runGit(dir, "rm", "--quiet", "-r", "dir");
      addSubmodule(dir, other, "dir");
    },
  ],
  [
    "two submodules that change places",
    (dir, other) => {
      addSubmodule(dir, other, "libs/other", "--name", "other");
      commitAll(dir);
      runGit(dir, "mv", "libs/sub", "aside");
      runGit(dir, "mv", "libs/other", "libs/sub");
      runGit(dir, "mv", "aside", "libs/other");
    },
  ],
  [
    "the submodule with one of its own",
    (dir, other) => {
      const sub = runGit(dir, "config", "--file", ".gitmodules", "submodule.sub.url");
      addSubmodule(sub, other, "inside");
      runGit(join(dir, "libs/sub"), "pull", "--quiet", "--ff-only");
    },
  ],
];

describe.each(ENGINES)("syncRepository with submodules, by %s, when the remote has", (engine) => {
  it.each(CHANGES)("%s, and then again what it had", async (_name, change) => {
    const upstream = createUpstream({ "flake.nix": "{ }\n", "dir/file": "file\n" });
    const start = addSubmodule(upstream, createUpstream({ "sub.txt": "sub\n" }), "libs/sub", "--name", "sub");
    const before = inspectClone(upstream);
    const options = makeSubmoduleOptions(upstream, engine);
    await syncRepository(options);
    change(upstream, createUpstream({ "other.txt": "other\n" }));
    commitAll(upstream);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
    runGit(upstream, "update-ref", "refs/heads/main", start);
    await syncRepository(options);
    expect(inspectSubmodules(options.directory)).toStrictEqual(before);
  });
});
