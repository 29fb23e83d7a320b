import { readFile, rename, writeFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { commitFiles, NIX_UNDER_TEST, runGit } from "../test/private-store.ts";
import { formatGitFlakeRef } from "./flake-ref.ts";

describe(`an update by ${NIX_UNDER_TEST} whose input is out of reach, and was fetched before`, () => {
  let fixture: FlakeStore;
  let directory: string;
  let before: string;

  const lockFile = (): string => `${directory}/flake.lock`;
  // Of a repository that is gone 2.34 says so itself; older ones go on.
  const notFetched = expect.objectContaining({ code: "ERR_NIX_FETCH" });

  beforeAll(async () => {
    fixture = await createFlakeStore();
    const source = fixture.inStore("source");
    await commitFiles(source, { text: "one" });
    // Nix keeps a copy of repositories that are not a checkout of this machine's.
    const bare = fixture.inStore("input.git");
    await runGit(source, "clone", "--quiet", "--bare", source, bare);
    directory = fixture.inStore("away");
    await commitFiles(directory, {
      "flake.nix": `{ inputs.dep = { url = "git+file://${bare}?ref=main"; flake = false; }; outputs = _: { }; }`,
    });
    await fixture.nix.updateDirectory({ directory });
    before = await readFile(lockFile(), "utf8");
    await commitFiles(source, { text: "two" });
    await runGit(source, "push", "--quiet", bare, "main");
    await fixture.nix.updateDirectory({ directory });
    await rename(bare, fixture.inStore("gone.git"));
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("fails, and leaves the lock of the directory as it was", async () => {
    await writeFile(lockFile(), before);

    await expect(fixture.nix.updateDirectory({ directory })).rejects.toEqual(notFetched);

    expect(await readFile(lockFile(), "utf8")).toBe(before);
  });

  it("fails, and leaves no lock beside a revision", async () => {
    await writeFile(lockFile(), before);
    const rev = await commitFiles(directory, {});
    const outputLockFile = fixture.inStore("updated.lock");
    const flakeRef = formatGitFlakeRef({ directory, ref: "main", rev });
    const code = fixture.nix.capabilities.separateLockFile ? "ERR_NIX_FETCH" : "ERR_NIX_UNSUPPORTED";

    await expect(fixture.nix.updateLockFile({ flakeRef, outputLockFile })).rejects.toMatchObject({ code });

    await expect(readFile(outputLockFile)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
