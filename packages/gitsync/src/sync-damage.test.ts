import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { BROKEN, FILES, GIT_STATE, WORK_TREE } from "../test/damage.ts";
import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  copyCheckout,
  inspectCheckout,
  inspectUpstream,
  makeOptions,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import type { Inspection } from "../test/repository.ts";
import { syncRepository } from "./index.ts";

let shared = "";
let expected: Record<"upstream" | "moved", Inspection>;

/** One upstream and a checkout of it, and a copy of the upstream that has moved on; each test gets copies. */
beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), "gitsync-damage-"));
  const [upstream, checkout] = [join(shared, "upstream"), join(shared, "checkout")];
  mkdirSync(upstream);
  runGit(upstream, "init", "--quiet", "--initial-branch=main");
  writeFiles(upstream, FILES);
  symlinkSync("file.txt", join(upstream, "link"));
  commitAll(upstream);
  await syncRepository(makeOptions(upstream, checkout));
  writeFiles(upstream, { "second.txt": "2\n" });
  commitAll(upstream);
  await syncRepository(makeOptions(upstream, checkout));
  const moved = join(shared, "moved");
  cpSync(upstream, moved, { recursive: true, verbatimSymlinks: true });
  writeFiles(moved, { "file.txt": "third\n", "dir/third.txt": "3\n" });
  commitAll(moved);
  expected = { upstream: inspectUpstream(upstream), moved: inspectUpstream(moved) };
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

describe.each(ENGINES)("syncRepository by %s, in a checkout with", (engine) => {
  const makeEngineOptions = optionsFor(engine);

  it.each([...WORK_TREE, ...GIT_STATE, ...BROKEN])("%s", async (_name, damage) => {
    const upstream = join(shared, "upstream");
    const directory = copyCheckout(join(shared, "checkout"));
    damage(directory);

    await syncRepository(makeEngineOptions(upstream, directory));

    expect(inspectCheckout(directory)).toStrictEqual(expected.upstream);
    expect(readdirSync(join(directory, ".git")).toSorted()).toStrictEqual([
      "HEAD",
      "config",
      "index",
      "objects",
      "refs",
    ]);
  });

  // Files are put right in the same way whether there is news or not.
  it.each([...GIT_STATE, ...BROKEN])("%s, when there are new commits", async (_name, damage) => {
    const upstream = join(shared, "moved");
    const directory = copyCheckout(join(shared, "checkout"));
    damage(directory);

    await syncRepository(makeEngineOptions(upstream, directory));

    expect(inspectCheckout(directory)).toStrictEqual(expected.moved);
  });
});
