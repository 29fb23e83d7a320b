import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { commitAll, copyCheckout, makeTempDir, runGit, writeFiles } from "../../test/repository.ts";
import { runSync } from "../../test/start-sync.ts";
import type { SyncOutcome } from "../../test/start-sync.ts";
import {
  addSubmodule,
  inspectClone,
  inspectSubmodules,
  makeSubmoduleOptions,
  moveSubmodule,
} from "../../test/submodules.ts";
import type { SubmoduleInspection } from "../../test/submodules.ts";
import { readCheckout, syncRepository } from "../index.ts";
import type { EngineName } from "../index.ts";

/** Some of the things that a sync does to the file system here: it is killed at each. */
const STEPS = [1, 30, 60, 90, 110, 130, 150, 170, 190, 210];

/** Beyond the last of them. */
const NO_STEP = 1000;

let shared = "";
let expected: SubmoduleInspection | undefined;
const revisions: string[] = [];

function makeRepository(name: string): string {
  const repository = join(shared, name);
  mkdirSync(repository);
  runGit(repository, "init", "--quiet", "--initial-branch=main");
  writeFiles(repository, { [`${name}.txt`]: `${name}\n` });
  commitAll(repository);
  return repository;
}

/** A checkout, and an upstream where a submodule moved on, one came, one went, and one got one itself. */
beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), "gitsync-kill-"));
  const [upstream, moved, gone, came] = ["upstream", "moved", "gone", "came"].map(makeRepository);
  for (const [name, url] of Object.entries({ moved, gone })) {
    addSubmodule(upstream ?? "", url ?? "", name);
  }
  const options = makeSubmoduleOptions(upstream ?? "", "isomorphic", join(shared, "checkout"));
  revisions.push((await syncRepository(options)).revision);
  addSubmodule(moved ?? "", came ?? "", "inside");
  moveSubmodule(upstream ?? "", "moved");
  runGit(upstream ?? "", "rm", "--quiet", "--force", "gone");
  rmSync(join(upstream ?? "", ".git/modules/gone"), { recursive: true });
  revisions.push(addSubmodule(upstream ?? "", came ?? "", "gone/came"));
  expected = inspectClone(upstream ?? "", join(shared, "clone"));
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

/** Runs a sync in a process of its own that is killed at one of its steps, unless it has fewer. */
function killSync(directory: string, engine: EngineName, killAt: number): Promise<SyncOutcome | undefined> {
  return runSync(makeSubmoduleOptions(join(shared, "upstream"), engine, directory), { killAt });
}

describe.each(ENGINES)("syncRepository with submodules by %s, after it was killed", (engine) => {
  it.each(STEPS)("at step %i of an update, repairs what is there", async (step) => {
    const directory = copyCheckout(join(shared, "checkout"));

    await killSync(directory, engine, step);

    expect(revisions).toContain((await readCheckout(directory))?.revision);
    await syncRepository(makeSubmoduleOptions(join(shared, "upstream"), engine, directory));
    expect(inspectSubmodules(directory)).toStrictEqual(expected);
  });

  it.each(STEPS.slice(3, 7))("at step %i of a first sync, repairs what is there", async (step) => {
    const directory = join(makeTempDir(), "checkout");

    await killSync(directory, engine, step);

    await syncRepository(makeSubmoduleOptions(join(shared, "upstream"), engine, directory));
    expect(inspectSubmodules(directory)).toStrictEqual(expected);
  });

  it("was killed indeed", async () => {
    const directory = copyCheckout(join(shared, "checkout"));

    expect(await killSync(directory, engine, 1)).toBeUndefined();
    expect(await killSync(directory, engine, NO_STEP)).toStrictEqual({ revision: revisions.at(-1) });
  });
});
