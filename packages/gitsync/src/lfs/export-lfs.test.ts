import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import {
  createLfsUpstream,
  listLfsObjects,
  makeContents,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../../test/lfs.ts";
import { environment, makeTempDir, snapshot } from "../../test/repository.ts";
import { exportTree, syncRepository } from "../index.ts";
import type { ExportTreeOptions } from "../index.ts";

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await makeLfsEnvironment();
});

/** Options of an export of a checkout with the contents of Git LFS. */
async function syncForExport(): Promise<ExportTreeOptions> {
  const { directory, ...options } = makeLfsOptions(env, createLfsUpstream(env));
  const { revision } = await syncRepository({ ...options, directory });
  return { directory, revision, destination: join(makeTempDir(), "tree"), env: environment };
}

describe("exportTree with lfs", () => {
  it("writes the contents with the commit's time, without git-lfs, and changes no checkout", async () => {
    const options = await syncForExport();
    const before = snapshot(options.directory);

    await exportTree({ ...options, lfs: true });

    const file = join(options.destination, "large.bin");
    expect(readFileSync(file, "utf8")).toBe(makeContents("first"));
    expect(lstatSync(file).mtimeMs).toBe(1_700_000_000_000);
    expect(snapshot(options.directory)).toStrictEqual(before);
    expect(readdirSync(join(options.destination, ".."))).toStrictEqual(["tree"]);
  });

  it("writes pointers unless it is asked for", async () => {
    const options = await syncForExport();

    await exportTree(options);

    expect(readFileSync(join(options.destination, "large.bin"), "utf8")).toMatch(/^version https:/);
  });

  it("says which contents are not there, and leaves nothing", async () => {
    const options = await syncForExport();
    for (const path of listLfsObjects(options.directory)) {
      rmSync(join(options.directory, ".git", path));
    }

    const outcome = exportTree({ ...options, lfs: true });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: "ERR_GITSYNC_LFS" });
    await expect(outcome).rejects.toThrow(/"large.bin".*sync the checkout with lfs/);
    expect(readdirSync(join(options.destination, ".."))).toStrictEqual([]);
  });
});
