import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  makeContents,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../../test/lfs.ts";
import type { LfsInspection } from "../../test/lfs.ts";
import { commitAll, copyCheckout, makeTempDir, writeFiles } from "../../test/repository.ts";
import { runSync } from "../../test/start-sync.ts";
import type { SyncOutcome } from "../../test/start-sync.ts";
import { readCheckout, syncRepository } from "../index.ts";

/** Some of the things that a sync does to the file system here: it is killed at each. */
const STEPS = [1, 10, 20, 25, 28, 31, 34, 37, 40, 43, 46, 49, 52, 55, 58, 61, 64];

/** Beyond the last of them. */
const NO_STEP = 1000;

let env: Record<string, string> = {};
let shared = "";
let expected: LfsInspection | undefined;
const revisions: string[] = [];

/** A checkout, and an upstream where files of Git LFS changed, came and went. */
beforeAll(async () => {
  env = await makeLfsEnvironment();
  shared = mkdtempSync(join(tmpdir(), "gitsync-lfs-kill-"));
  const files = {
    "changed.bin": makeContents("old"),
    "gone.bin": makeContents("gone"),
    "kept.bin": makeContents("kept"),
  };
  const upstream = createLfsUpstream(env, files, join(shared, "upstream"));
  revisions.push((await syncRepository(makeLfsOptions(env, upstream, join(shared, "checkout")))).revision);
  rmSync(join(upstream, "gone.bin"));
  writeFiles(upstream, {
    "changed.bin": makeContents("new"),
    "came/a.bin": makeContents("a"),
    "came/b.bin": "b\n",
  });
  revisions.push(commitAll(upstream, env));
  expected = inspectLfsClone(env, upstream, join(shared, "clone"));
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

/** Runs a sync in a process of its own that is killed at one of its steps, unless it has fewer. */
function killSync(directory: string, killAt: number): Promise<SyncOutcome | undefined> {
  return runSync(makeLfsOptions(env, join(shared, "upstream"), directory), { killAt });
}

describe("syncRepository with lfs, after it was killed", () => {
  it.each(STEPS)("at step %i of an update, repairs what is there", async (step) => {
    const directory = copyCheckout(join(shared, "checkout"));

    await killSync(directory, step);

    expect(revisions).toContain((await readCheckout(directory))?.revision);
    await syncRepository(makeLfsOptions(env, join(shared, "upstream"), directory));
    expect(inspectLfs(env, directory)).toStrictEqual(expected);
  });

  it.each(STEPS.slice(4, 12))("at step %i of a first sync, repairs what is there", async (step) => {
    const directory = join(makeTempDir(), "checkout");

    await killSync(directory, step);

    await syncRepository(makeLfsOptions(env, join(shared, "upstream"), directory));
    expect(inspectLfs(env, directory)).toStrictEqual(expected);
  });

  it("was killed indeed", async () => {
    const directory = copyCheckout(join(shared, "checkout"));

    expect(await killSync(directory, STEPS.at(-1) ?? 0)).toBeUndefined();
    expect(await killSync(directory, NO_STEP)).toStrictEqual({ revision: revisions.at(-1) });
  });
});
