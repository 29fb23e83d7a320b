import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES } from "../test/engines.ts";
import { commitAll, createUpstream, runGit, snapshot, writeFiles } from "../test/repository.ts";
import {
  addSubmodule,
  inspectClone,
  inspectSubmodules,
  makeSubmoduleOptions,
  moveSubmodule,
  snapshotFiles,
} from "../test/submodules.ts";
import { readCheckout, syncRepository } from "./index.ts";

/** A repository with a submodule that has one itself. */
function createFamily(): { upstream: string; inner: string; deep: string } {
  const deep = createUpstream({ "deep.txt": "deep\n" });
  const inner = createUpstream({ "inner.txt": "inner\n" });
  addSubmodule(inner, deep, "deps/deep");
  const upstream = createUpstream();
  addSubmodule(upstream, inner, "libs/inner", "--name", "na/me");
  return { upstream, inner, deep };
}

/** Address of a repository as seen from another one: both are in directories of their own. */
function relativeTo(repository: string): string {
  return `../../${basename(dirname(repository))}/${basename(repository)}`;
}

describe.each(ENGINES)("syncRepository with submodules, by %s", (engine) => {
  const makeOptions = (url: string): ReturnType<typeof makeSubmoduleOptions> =>
    makeSubmoduleOptions(url, engine);

  it("fills the directories of submodules, nested ones too", async () => {
    const { upstream } = createFamily();
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
    expect(existsSync(join(options.directory, "libs/inner/deps/deep/deep.txt"))).toBe(true);
    expect(readdirSync(options.directory).toSorted()).toStrictEqual([
      ".git",
      ".gitmodules",
      "flake.nix",
      "libs",
    ]);
    expect(await readCheckout(options.directory)).toMatchObject({ url: upstream });
  });

  it("follows addresses that are relative to the repository, and to the submodule", async () => {
    const [deep, inner, upstream] = [createUpstream({ deep: "1" }), createUpstream(), createUpstream()];
    addSubmodule(inner, relativeTo(deep), "deep");
    addSubmodule(upstream, `./${relativeTo(inner)}/`, "inner");
    const options = makeOptions(`file://${upstream}`);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(`file://${upstream}`));
  });

  it("asks no submodule's remote and changes no file when nothing is new", async () => {
    const { upstream, inner, deep } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    rmSync(inner, { recursive: true });
    rmSync(deep, { recursive: true });
    const before = snapshot(options.directory);

    await syncRepository(options);

    expect(snapshot(options.directory)).toStrictEqual(before);
  });

  it("asks no submodule's remote when its directory is gone", async () => {
    const { upstream, inner } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    const before = inspectSubmodules(options.directory);
    rmSync(inner, { recursive: true });
    rmSync(join(options.directory, "libs"), { recursive: true });

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(before);
  });

  it("follows a pin forward to a commit that is no tip, and back", async () => {
    const { upstream, inner } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    const start = runGit(inner, "rev-parse", "main");
    writeFiles(inner, { "inner.txt": "second\n" });
    const second = commitAll(inner);
    writeFiles(inner, { "inner.txt": "third\n" });
    commitAll(inner);
    moveSubmodule(upstream, "libs/inner", second);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
    moveSubmodule(upstream, "libs/inner", start);
    rmSync(inner, { recursive: true });
    await syncRepository(options);
    expect(runGit(join(options.directory, "libs/inner"), "rev-parse", "HEAD")).toBe(start);
    expect(inspectSubmodules(options.directory)).toMatchObject({ status: "", inside: "", update: "" });
  });

  it("follows a pin to another branch", async () => {
    const { upstream, inner } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    runGit(inner, "checkout", "--quiet", "-b", "side/branch");
    writeFiles(inner, { "side.txt": "side\n" });
    const side = commitAll(inner);
    writeFiles(inner, { "side.txt": "more\n" });
    commitAll(inner);
    runGit(inner, "checkout", "--quiet", "main");
    moveSubmodule(upstream, "libs/inner", side);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
  });

  it("finds a commit that no branch has where the remote serves such", async () => {
    const { upstream, inner } = createFamily();
    writeFiles(inner, { "lost.txt": "lost\n" });
    const lost = commitAll(inner);
    moveSubmodule(upstream, "libs/inner", lost);
    runGit(inner, "reset", "--quiet", "--hard", "HEAD~1");
    runGit(inner, "config", "uploadpack.allowAnySHA1InWant", "true");
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toMatchObject({ status: "", inside: "", update: "" });
    expect(existsSync(join(options.directory, "libs/inner/lost.txt"))).toBe(true);
  });

  it.each([
    ["libs/inner", "libs/inner"],
    ["libs/inner/deps/deep", "deps/deep"],
  ])("says that a pinned commit of %s was not pushed, and changes no file", async (path, named) => {
    const { upstream } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    writeFiles(upstream, { "flake.nix": "{ changed = true; }\n" });
    runGit(upstream, "-c", "protocol.file.allow=always", "submodule", "update", "--init", "--recursive");
    writeFiles(join(upstream, path), { "mine.txt": "mine\n" });
    const pin = commitAll(join(upstream, path));
    if (path !== "libs/inner") {
      const inner = join(upstream, "libs/inner");
      commitAll(inner);
      runGit(inner, "push", "--quiet", "origin", "HEAD:refs/heads/new");
    }
    commitAll(upstream);
    const before = snapshotFiles(options.directory);

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: "ERR_GITSYNC_SUBMODULE" });
    await expect(outcome).rejects.toThrow(`submodule "${named}": expected commit ${pin}`);
    expect(snapshotFiles(options.directory)).toStrictEqual(before);
    expect(inspectSubmodules(options.directory)).toMatchObject({ status: "", inside: "", update: "" });
    const fresh = makeOptions(upstream);
    await expect(syncRepository(fresh)).rejects.toMatchObject({ code: "ERR_GITSYNC_SUBMODULE" });
    expect(existsSync(fresh.directory)).toBe(false);
  });

  it("says which submodule's repository is gone", async () => {
    const { upstream, deep } = createFamily();
    rmSync(deep, { recursive: true });

    const outcome = syncRepository(makeOptions(upstream));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_REPOSITORY" });
    await expect(outcome).rejects.toThrow('submodule "libs/inner": submodule "deps/deep": ');
  });

  it("empties the directories when it is switched off, and fills them when it is on again", async () => {
    const { upstream } = createFamily();
    const options = makeOptions(upstream);
    await syncRepository(options);
    const filled = inspectSubmodules(options.directory);

    await syncRepository({ ...options, submodules: false });

    expect(readdirSync(join(options.directory, "libs/inner"))).toStrictEqual([]);
    expect(readdirSync(join(options.directory, ".git")).toSorted()).toStrictEqual([
      "HEAD",
      "config",
      "index",
      "objects",
      "refs",
    ]);
    expect(runGit(options.directory, "status", "--porcelain", "--ignored")).toBe("");
    await syncRepository(options);
    expect(inspectSubmodules(options.directory)).toStrictEqual(filled);
  });

  it("leaves the directory empty where .gitmodules does not know a submodule", async () => {
    const { upstream } = createFamily();
    runGit(upstream, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},unknown`);
    runGit(upstream, "commit", "--quiet", "--message", "unknown");
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(readdirSync(join(options.directory, "unknown"))).toStrictEqual([]);
    expect(existsSync(join(options.directory, "libs/inner/deps/deep/deep.txt"))).toBe(true);
    expect(runGit(options.directory, "status", "--porcelain", "--ignored")).toBe("");
  });

  it("takes over a recursive clone that the real git made", async () => {
    const { upstream, inner } = createFamily();
    const options = makeOptions(upstream);
    inspectClone(upstream, options.directory);
    writeFiles(inner, { "inner.txt": "second\n" });
    commitAll(inner);
    moveSubmodule(upstream, "libs/inner");

    await syncRepository(options);

    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
  });
});

describe("readCheckout", () => {
  it("finds no usable checkout when a submodule's repository is lost", async () => {
    const { upstream } = createFamily();
    const options = makeSubmoduleOptions(upstream, "isomorphic");
    await syncRepository(options);
    rmSync(join(options.directory, ".git/modules/na/me/modules"), { recursive: true });

    expect(await readCheckout(options.directory)).toBeUndefined();
  });

  it("needs no submodule that the last sync did not fill", async () => {
    const { upstream } = createFamily();
    const options = { ...makeSubmoduleOptions(upstream, "isomorphic"), submodules: false };
    const { revision } = await syncRepository(options);

    expect(await readCheckout(options.directory)).toMatchObject({ revision });
  });
});
