import { readFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { createLfsUpstream, makeContents, makeLfsEnvironment, makeLfsOptions } from "../../test/lfs.ts";
import {
  commitAll,
  createUpstream,
  environment,
  listBelow,
  makeTempDir,
  runGitWith,
  writeFiles,
} from "../../test/repository.ts";
import { addSubmodule, moveSubmodule } from "../../test/submodules.ts";
import { exportTree, syncRepository } from "../index.ts";

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await makeLfsEnvironment();
});

describe("syncRepository with lfs and submodules", () => {
  it("brings the contents of submodules, and what Nix is given has them", async () => {
    const sub = createLfsUpstream(env);
    const upstream = createUpstream();
    addSubmodule(upstream, sub, "libs/sub", "--name", "sub");
    const options = { ...makeLfsOptions(env, upstream), submodules: true };
    await syncRepository(options);
    writeFiles(sub, { "large.bin": makeContents("second") });
    commitAll(sub, env);
    moveSubmodule(upstream, "libs/sub");

    const { revision } = await syncRepository(options);

    const inner = join(options.directory, "libs/sub");
    const destination = join(makeTempDir(), "tree");
    await exportTree({
      directory: options.directory,
      revision,
      destination,
      submodules: true,
      lfs: true,
      env: environment,
    });
    expect(readFileSync(join(inner, "large.bin"), "utf8")).toBe(makeContents("second"));
    expect(readFileSync(join(destination, "libs/sub/large.bin"), "utf8")).toBe(makeContents("second"));
    expect(runGitWith(env, options.directory, "status", "--porcelain", "--ignored")).toBe("");
    expect(runGitWith(env, inner, "status", "--porcelain", "--ignored")).toBe("");
    expect(runGitWith(env, inner, "lfs", "fsck")).toBe("Git LFS fsck OK");
    const kept = listBelow(join(options.directory, ".git/modules/sub/lfs")).filter((path) =>
      /[0-9a-f]{64}$/.test(path),
    );
    expect(kept).toHaveLength(1);
  });
});
