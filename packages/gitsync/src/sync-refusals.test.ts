import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import { createUpstream, runGit, snapshot, writeFiles } from "../test/repository.ts";
import { syncRepository } from "./index.ts";

describe.each(ENGINES)("syncRepository by %s refuses", (engine) => {
  const makeOptions = optionsFor(engine);

  it("a directory with somebody's files, and leaves them", async () => {
    const options = makeOptions(createUpstream());
    writeFiles(options.directory, { "thesis.txt": "years\n" });
    const before = snapshot(options.directory);

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_DIRECTORY" });
    await expect(outcome).rejects.toThrow(/nothing was changed/);
    expect(snapshot(options.directory)).toStrictEqual(before);
  });

  it("a bare repository", async () => {
    const options = makeOptions(createUpstream());
    mkdirSync(options.directory);
    runGit(options.directory, "init", "--quiet", "--bare");

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_DIRECTORY" });
  });

  it("a linked work tree", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    runGit(upstream, "worktree", "add", "--quiet", "--detach", options.directory);

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_DIRECTORY" });
    expect(runGit(options.directory, "status", "--porcelain")).toBe("");
  });

  it("a .git that is a link to somewhere else", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    mkdirSync(options.directory);
    symlinkSync(join(upstream, ".git"), join(options.directory, ".git"));

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_DIRECTORY" });
  });

  it("a file in place of the directory, or above it", async () => {
    const upstream = createUpstream();
    const file = join(upstream, "flake.nix");

    await expect(syncRepository(makeOptions(upstream, file))).rejects.toMatchObject({
      code: "ERR_GITSYNC_DIRECTORY",
    });
    await expect(syncRepository(makeOptions(upstream, join(file, "below")))).rejects.toMatchObject({
      code: "ERR_GITSYNC_DIRECTORY",
    });
  });

  it("arguments that make no sense", async () => {
    const options = makeOptions("/nowhere");

    await expect(syncRepository({ ...options, directory: "relative" })).rejects.toThrow(TypeError);
    await expect(syncRepository({ ...options, timeoutMs: 0 })).rejects.toThrow(RangeError);
    await expect(syncRepository({ ...options, timeoutMs: 2 ** 31 })).rejects.toThrow(RangeError);
    await expect(syncRepository({ ...options, branch: "a b" })).rejects.toMatchObject({
      code: "ERR_GITSYNC_BRANCH",
    });
    await expect(syncRepository({ ...options, url: "relative" })).rejects.toMatchObject({
      code: "ERR_GITSYNC_URL",
    });
  });
});
