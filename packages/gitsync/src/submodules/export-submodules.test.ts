import { lstatSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { commitAll, createUpstream, listBelow, makeTempDir, writeFiles } from "../../test/repository.ts";
import { addSubmodule, makeSubmoduleOptions, moveSubmodule } from "../../test/submodules.ts";
import { exportTree, syncRepository } from "../index.ts";

/** A repository with a submodule that has one itself; each has a time of its own. */
function createFamily(): { upstream: string; inner: string } {
  const inner = createUpstream({ "inner.txt": "inner\n" });
  addSubmodule(inner, createUpstream({ "deep/deep.txt": "deep\n" }), "deep");
  const upstream = createUpstream();
  addSubmodule(upstream, inner, "libs/inner", "--name", "name");
  return { upstream, inner };
}

function listFiles(directory: string): string[] {
  return listBelow(directory)
    .filter((path) => !lstatSync(path).isDirectory())
    .map((path) => relative(directory, path))
    .toSorted();
}

describe("exportTree with submodules", () => {
  it.each(ENGINES)("writes the files of all, nested ones too, of a sync by %s", async (engine) => {
    const options = makeSubmoduleOptions(createFamily().upstream, engine);
    const { revision } = await syncRepository(options);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory: options.directory, revision, destination, submodules: true });

    expect(listFiles(destination)).toStrictEqual([
      ".gitmodules",
      "flake.nix",
      "libs/inner/.gitmodules",
      "libs/inner/deep/deep/deep.txt",
      "libs/inner/inner.txt",
    ]);
    const times = [destination, ...listBelow(destination)].map((path) => lstatSync(path).mtimeMs);
    expect(new Set(times)).toStrictEqual(new Set([1_700_000_000_000]));
  });

  it("writes an older commit with the submodules of its time", async () => {
    const { upstream, inner } = createFamily();
    const options = makeSubmoduleOptions(upstream, "isomorphic");
    const { revision } = await syncRepository(options);
    writeFiles(inner, { "inner.txt": "second\n" });
    commitAll(inner);
    moveSubmodule(upstream, "libs/inner");
    await syncRepository(options);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory: options.directory, revision, destination, submodules: true });

    expect(readFileSync(join(destination, "libs/inner/inner.txt"), "utf8")).toBe("inner\n");
  });

  it("leaves the directories empty unless told", async () => {
    const options = makeSubmoduleOptions(createFamily().upstream, "isomorphic");
    const { revision } = await syncRepository(options);
    const destination = join(makeTempDir(), "out");

    await exportTree({ directory: options.directory, revision, destination });

    expect(listFiles(destination)).toStrictEqual([".gitmodules", "flake.nix"]);
    expect(lstatSync(join(destination, "libs/inner")).isDirectory()).toBe(true);
  });

  it.each([
    ["the sync left them empty", false, ".git/absent"],
    ["a nested one is lost", true, ".git/modules/name/modules"],
  ])("says which submodule it cannot write when %s", async (_name, submodules, lost) => {
    const options = { ...makeSubmoduleOptions(createFamily().upstream, "isomorphic"), submodules };
    const { revision } = await syncRepository(options);
    rmSync(join(options.directory, lost), { recursive: true, force: true });
    const parent = makeTempDir();
    const { directory } = options;

    const outcome = exportTree({ directory, revision, destination: join(parent, "out"), submodules: true });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_SUBMODULE" });
    await expect(outcome).rejects.toThrow(
      submodules ? 'submodule "libs/inner/deep"' : 'submodule "libs/inner"',
    );
    expect(listBelow(parent)).toStrictEqual([]);
  });
});
