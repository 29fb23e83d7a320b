import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CONTENTS, LFS_FILES, LFS_STORE } from "../../test/lfs-damage.ts";
import {
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../../test/lfs.ts";
import type { LfsInspection } from "../../test/lfs.ts";
import { copyCheckout, makeTempDir, snapshot, writeFiles } from "../../test/repository.ts";
import { syncRepository } from "../index.ts";

let env: Record<string, string> = {};
let shared = "";
let expected: LfsInspection | undefined;

/** One upstream and a checkout of it, of which each test gets a copy. */
beforeAll(async () => {
  env = await makeLfsEnvironment();
  shared = mkdtempSync(join(tmpdir(), "gitsync-lfs-"));
  const upstream = createLfsUpstream(
    env,
    { "large.bin": CONTENTS, "a/b.bin": "b\n" },
    join(shared, "upstream"),
  );
  await syncRepository(makeLfsOptions(env, upstream, join(shared, "checkout")));
  expected = inspectLfsClone(env, upstream, join(shared, "clone"));
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

describe("syncRepository with lfs, in a checkout with", () => {
  it.each([...LFS_FILES, ...LFS_STORE])("%s, repairs it", async (_name, damage) => {
    const directory = copyCheckout(join(shared, "checkout"));
    damage(directory);

    await syncRepository(makeLfsOptions(env, join(shared, "upstream"), directory));

    const names = readdirSync(join(directory, ".git")).toSorted();
    expect(names).toStrictEqual(["HEAD", "config", "index", "lfs", "objects", "refs"]);
    expect(inspectLfs(env, directory)).toStrictEqual(expected);
  });

  it.each(["lfs", "lfs/objects"])("%s kept elsewhere, removes nothing there", async (name) => {
    const directory = copyCheckout(join(shared, "checkout"));
    const elsewhere = join(makeTempDir(), "elsewhere");
    renameSync(join(directory, ".git", name), elsewhere);
    writeFiles(elsewhere, { "precious.txt": "mine\n" });
    symlinkSync(elsewhere, join(directory, ".git", name));
    const before = snapshot(elsewhere);

    await syncRepository(makeLfsOptions(env, join(shared, "upstream"), directory));

    expect(snapshot(elsewhere)).toStrictEqual(before);
    expect(inspectLfs(env, directory)).toStrictEqual(expected);
  });
});
