import { renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { commitAll, createUpstream, runGit, writeFiles } from "../../test/repository.ts";
import { createServedUpstream, makeServedOptions, startServer } from "../../test/ssh.ts";
import {
  addSubmodule,
  inspectClone,
  inspectSubmodules,
  makeSubmoduleOptions,
  moveSubmodule,
} from "../../test/submodules.ts";
import { syncRepository } from "../index.ts";

/** Makes a repository beside another one. */
function createBeside(upstream: string, files: Readonly<Record<string, string>>): string {
  const made = createUpstream(files);
  const place = join(dirname(upstream), "sub");
  renameSync(made, place);
  return place;
}

describe.each(ENGINES)("syncRepository with submodules over ssh by %s", (engine) => {
  it("fetches what is pinned with the same key, and follows it", async () => {
    const server = await startServer();
    const upstream = createServedUpstream();
    const sub = createBeside(upstream, { "sub.txt": "first\n" });
    addSubmodule(upstream, `../${basename(sub)}`, "libs/sub");
    const options = { ...makeServedOptions(server, upstream), engine, submodules: true };
    await syncRepository(options);
    writeFiles(sub, { "sub.txt": "second\n" });
    commitAll(sub);
    moveSubmodule(upstream, "libs/sub");

    await syncRepository(options);

    const { update, ...found } = inspectSubmodules(options.directory);
    expect(update).toBe("");
    expect(found).toStrictEqual((({ update: _update, ...rest }) => rest)(inspectClone(upstream)));
    const url = runGit(
      options.directory,
      "config",
      "--file",
      ".git/modules/libs/sub/config",
      "remote.origin.url",
    );
    expect(url).toBe(server.url(sub));
  });

  it("tells which submodule the key may not see", async () => {
    const server = await startServer();
    const upstream = createServedUpstream();
    const sub = createBeside(upstream, { "sub.txt": "first\n" });
    addSubmodule(upstream, `../${basename(sub)}`, "libs/sub");
    renameSync(sub, `${sub}-gone`);
    const options = { ...makeServedOptions(server, upstream), engine, submodules: true };

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_REPOSITORY" });
    await expect(outcome).rejects.toThrow(/^submodule "libs\/sub": /);
  });
});

describe("syncRepository with submodules and a filter", () => {
  it("leaves old contents of both at their remotes, and has all that is pinned", async () => {
    const sub = createUpstream({ "sub.txt": "first\n", "kept.txt": "kept\n" });
    writeFiles(sub, { "sub.txt": "second\n" });
    commitAll(sub);
    const upstream = createUpstream({ "file.txt": "first\n" });
    addSubmodule(upstream, pathToFileURL(sub).href, "sub");
    writeFiles(upstream, { "file.txt": "second\n" });
    commitAll(upstream);
    for (const repository of [sub, upstream]) {
      runGit(repository, "config", "uploadpack.allowFilter", "true");
      runGit(repository, "config", "uploadpack.allowAnySHA1InWant", "true");
    }
    const options = makeSubmoduleOptions(pathToFileURL(upstream).href, "git");

    await syncRepository({ ...options, filter: "blob:none" });

    const missing = ["", "sub"].map((path) =>
      runGit(join(options.directory, path), "rev-list", "--objects", "HEAD", "--missing=print", "--quiet"),
    );
    expect(missing).toStrictEqual([expect.stringMatching(/^\?\w{40}$/), expect.stringMatching(/^\?\w{40}$/)]);
    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
    writeFiles(sub, { "sub.txt": "third\n" });
    commitAll(sub);
    moveSubmodule(upstream, "sub");
    await syncRepository({ ...options, filter: "blob:none" });
    expect(inspectSubmodules(options.directory)).toStrictEqual(inspectClone(upstream));
    await syncRepository(options);
    expect(
      runGit(join(options.directory, "sub"), "rev-list", "--objects", "HEAD", "--missing=print", "--quiet"),
    ).toBe("");
  });
});
