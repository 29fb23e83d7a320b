import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  commitAll,
  createUpstream,
  listBelow,
  makeOptions,
  makeTempDir,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import { readCheckout, readCommittedFile, syncRepository } from "./index.ts";

async function makeCheckout(): Promise<{ directory: string; upstream: string; revision: string }> {
  const upstream = createUpstream({ "flake.lock": "{}\n", "dir/file": "file\n" });
  const { directory, ...options } = makeOptions(upstream);
  const { revision } = await syncRepository({ directory, ...options });
  return { directory, upstream, revision };
}

describe("readCheckout", () => {
  it("tells what the last sync left", async () => {
    const { directory, upstream, revision } = await makeCheckout();

    expect(await readCheckout(directory)).toStrictEqual({
      revision,
      url: upstream,
      branch: "main",
      commitTime: new Date(1_700_000_000_000),
    });
  });

  it("does not take commits made by hand for the remote's", async () => {
    const { directory, revision } = await makeCheckout();
    writeFiles(directory, { "mine.txt": "mine\n" });
    commitAll(directory);

    expect(await readCheckout(directory)).toMatchObject({ revision });
  });

  it("reads a clone that the real git made", async () => {
    const { upstream, revision } = await makeCheckout();
    const directory = join(makeTempDir(), "clone");
    runGit(upstream, "clone", "--quiet", upstream, directory);

    expect(await readCheckout(directory)).toMatchObject({ revision, url: upstream, branch: "main" });
  });

  it("survives damage that leaves the commit readable", async () => {
    const { directory, revision } = await makeCheckout();
    truncateSync(join(directory, ".git/index"));
    rmSync(join(directory, "flake.lock"));
    writeFileSync(join(directory, ".git/index.lock"), "");

    expect(await readCheckout(directory)).toMatchObject({ revision });
  });

  it.each([
    ["HEAD", "garbage"],
    ["config", ""],
    ["config", "\u0000["],
    ["refs/remotes/origin/main", "1".repeat(40)],
    ["refs/remotes/origin/main", ""],
  ])("finds no usable checkout with a broken %s: %j", async (name, contents) => {
    const { directory } = await makeCheckout();
    writeFileSync(join(directory, ".git", name), contents);

    expect(await readCheckout(directory)).toBeUndefined();
  });

  it("finds no usable checkout with a truncated pack", async () => {
    const { directory } = await makeCheckout();
    for (const path of listBelow(join(directory, ".git/objects/pack"))) {
      truncateSync(path, 40);
    }

    expect(await readCheckout(directory)).toBeUndefined();
  });

  it("finds none in a directory that is absent, empty, or a file", async () => {
    const { upstream } = await makeCheckout();

    expect(await readCheckout(join(makeTempDir(), "absent"))).toBeUndefined();
    expect(await readCheckout(makeTempDir())).toBeUndefined();
    expect(await readCheckout(join(upstream, "flake.lock"))).toBeUndefined();
  });

  it("refuses a relative path", async () => {
    await expect(readCheckout("relative")).rejects.toThrow(TypeError);
  });
});

describe("readCommittedFile", () => {
  it("reads the commit's file, whatever the work tree holds", async () => {
    const { directory, revision } = await makeCheckout();
    writeFileSync(join(directory, "flake.lock"), "edited");

    const bytes = await readCommittedFile({ directory, revision, path: "flake.lock" });

    expect(Buffer.from(bytes ?? []).toString()).toBe("{}\n");
  });

  it.each(["absent", "dir", "dir/absent", "/flake.lock", "dir/../flake.lock"])(
    "finds no file at %s",
    async (path) => {
      const { directory, revision } = await makeCheckout();

      expect(await readCommittedFile({ directory, revision, path })).toBeUndefined();
    },
  );

  it("refuses a commit that is not there", async () => {
    const { directory } = await makeCheckout();
    const options = { directory, revision: "1".repeat(40), path: "flake.lock" };

    await expect(readCommittedFile(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_CORRUPT" });
  });
});
