import { chmodSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  listBelow,
  makeOptions,
  makeTempDir,
  runGit,
  writeFiles,
} from "../../test/repository.ts";
import { exportTree, syncRepository } from "../index.ts";

async function makeCheckout(upstream: string): Promise<{ directory: string; revision: string }> {
  const options = makeOptions(upstream);
  const { revision } = await syncRepository(options);
  return { directory: options.directory, revision };
}

function createRichUpstream(): string {
  const upstream = createUpstream({ "run.sh": "#!/bin/sh\n", "dir/deep/ü\n": "1", empty: "" });
  chmodSync(join(upstream, "run.sh"), 0o755);
  symlinkSync("../nowhere", join(upstream, "dir/link"));
  commitAll(upstream);
  runGit(upstream, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},modules/sub`);
  runGit(upstream, "commit", "--quiet", "--message", "submodule");
  return upstream;
}

describe("exportTree", () => {
  it("writes exactly the files of a commit", async () => {
    const upstream = createRichUpstream();
    const { directory, revision } = await makeCheckout(upstream);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory, revision, destination });

    const gitDir = `--git-dir=${directory}/.git`;
    expect(runGit(destination, gitDir, "--work-tree=.", "status", "--porcelain", "--ignored")).toBe("");
    expect(readdirSync(destination).toSorted()).toStrictEqual(["dir", "empty", "modules", "run.sh"]);
    expect(readlinkSync(join(destination, "dir/link"))).toBe("../nowhere");
    expect(lstatSync(join(destination, "run.sh")).mode & 0o111).not.toBe(0);
    expect(lstatSync(join(destination, "empty")).mode & 0o111).toBe(0);
    expect(readdirSync(join(destination, "modules/sub"))).toStrictEqual([]);
  });

  it("gives everything the commit's time", async () => {
    const { directory, revision } = await makeCheckout(createRichUpstream());
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory, revision, destination });

    const times = [destination, ...listBelow(destination)].map((path) => lstatSync(path).mtimeMs);
    expect(new Set(times)).toStrictEqual(new Set([1_700_000_000_000]));
  });

  it("writes an older commit, and leaves the checkout alone", async () => {
    const upstream = createUpstream({ "old.txt": "old\n" });
    const old = runGit(upstream, "rev-parse", "HEAD");
    rmSync(join(upstream, "old.txt"));
    writeFiles(upstream, { "new.txt": "new\n" });
    commitAll(upstream);
    const { directory } = await makeCheckout(upstream);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory, revision: old, destination });

    expect(readdirSync(destination)).toStrictEqual(["old.txt"]);
    expect(inspectCheckout(directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("writes a commit without files", async () => {
    const upstream = createUpstream({});
    const { directory, revision } = await makeCheckout(upstream);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory, revision, destination });

    expect(readdirSync(destination)).toStrictEqual([]);
  });

  it.each([
    ["an empty directory", (path: string): void => mkdirSync(path)],
    ["a dangling symlink", (path: string): void => symlinkSync("nowhere", path)],
    ["files", (path: string): void => writeFiles(path, { "mine.txt": "mine\n" })],
  ])("refuses a destination that is %s", async (_name, make) => {
    const { directory, revision } = await makeCheckout(createUpstream());
    const parent = makeTempDir();
    make(join(parent, "out"));
    const before = listBelow(parent);

    const outcome = exportTree({ directory, revision, destination: join(parent, "out") });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_DIRECTORY" });
    expect(listBelow(parent)).toStrictEqual(before);
  });

  it("refuses a destination whose parent is not there", async () => {
    const { directory, revision } = await makeCheckout(createUpstream());
    const destination = join(makeTempDir(), "a/b");

    await expect(exportTree({ directory, revision, destination })).rejects.toMatchObject({
      code: "ERR_GITSYNC_DIRECTORY",
    });
  });

  it("refuses a commit that is not there", async () => {
    const { directory } = await makeCheckout(createUpstream());
    const options = { directory, revision: "1".repeat(40), destination: join(makeTempDir(), "out") };

    await expect(exportTree(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_CORRUPT" });
  });

  it("refuses arguments that make no sense", async () => {
    const good = { directory: "/a", revision: "1".repeat(40), destination: "/b" };

    await expect(exportTree({ ...good, directory: "a" })).rejects.toThrow(TypeError);
    await expect(exportTree({ ...good, destination: "b" })).rejects.toThrow(TypeError);
    await expect(exportTree({ ...good, revision: "main" })).rejects.toThrow(TypeError);
  });
});
