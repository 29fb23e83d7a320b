import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, it } from "vitest";

import { optionsFor } from "../../test/engines.ts";
import {
  commitAll,
  createUpstream,
  environment,
  inspectCheckout,
  inspectUpstream,
  makeTempDir,
  runGit,
  writeFiles,
} from "../../test/repository.ts";
import { exportTree, readCheckout, syncRepository } from "../index.ts";
import type { SyncRepositoryOptions } from "../index.ts";
import { MAX_PACKS } from "../packs/pack-limit.ts";

const makeOptions = optionsFor("git");

function listPacks(directory: string, extension: string): string[] {
  return readdirSync(join(directory, ".git/objects/pack")).filter((name) => name.endsWith(extension));
}

/** Makes a repository whose history has contents that its newest commit does not have, and lets clients leave them out. */
function createFilteredUpstream(): string {
  const upstream = createUpstream({ "old.txt": "old\n", "dir/kept.txt": "kept\n" });
  writeFiles(upstream, { "old.txt": "new\n", "dir/other.txt": "other\n" });
  commitAll(upstream);
  runGit(upstream, "config", "uploadpack.allowFilter", "true");
  return upstream;
}

function makeFilteredOptions(upstream: string): SyncRepositoryOptions & { directory: string } {
  return { ...makeOptions(pathToFileURL(upstream).href), filter: "blob:none" };
}

function listMissing(directory: string): string {
  return runGit(directory, "rev-list", "--objects", "--all", "--missing=print", "--quiet");
}

describe("syncRepository by git", () => {
  it("takes nothing from the configuration of user, system or checkout, and runs no hook", async () => {
    const upstream = createUpstream();
    const home = makeTempDir();
    const trap = join(home, "trap");
    writeFileSync(trap, `#!/bin/sh\ntouch "${home}/sprung"\nexit 1\n`, { mode: 0o755 });
    const config = `[core]\n\thooksPath = ${home}/hooks\n\tfsmonitor = ${trap}\n\talternateRefsCommand = ${trap}
[url "${home}/nowhere"]\n\tinsteadOf = ${upstream}\n[uploadpack]\n\tpackObjectsHook = ${trap}\n[credential]\n\thelper = ${trap}\n`;
    writeFileSync(join(home, ".gitconfig"), config);
    mkdirSync(join(home, "hooks"));
    for (const hook of ["reference-transaction", "post-checkout", "post-index-change"]) {
      writeFileSync(join(home, "hooks", hook), `#!/bin/sh\nexec ${trap}\n`, { mode: 0o755 });
    }
    const options = { ...makeOptions(upstream), env: { ...environment, HOME: home } };
    await syncRepository(options);
    writeFileSync(join(options.directory, ".git/config"), config);
    commitAll(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(existsSync(join(home, "sprung"))).toBe(false);
  });

  it("is not misled by replaced objects", async () => {
    const upstream = createUpstream();
    writeFiles(upstream, { "flake.nix": "{ outputs = _: { }; }\n" });
    commitAll(upstream);
    const options = makeOptions(upstream);
    await syncRepository(options);
    runGit(options.directory, "replace", "HEAD", "HEAD~1");

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("makes one pack of too many", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    for (let count = 0; count < MAX_PACKS; count += 1) {
      writeFiles(upstream, { "file.txt": `${count}\n` });
      commitAll(upstream);
      runGit(options.directory, "-c", "fetch.unpackLimit=1", "fetch", "--quiet");
    }
    expect(listPacks(options.directory, ".pack").length).toBeGreaterThan(MAX_PACKS);

    await syncRepository(options);

    expect(listPacks(options.directory, ".pack")).toHaveLength(1);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    const { updated } = await syncRepository(options);
    expect(updated).toBe(false);
  });
});

describe("syncRepository by git with a filter", () => {
  it("leaves old contents at the remote, and has all of the newest commit", async () => {
    const upstream = createFilteredUpstream();
    const options = makeFilteredOptions(upstream);

    const { revision } = await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(listMissing(options.directory).split("\n")).toHaveLength(1);
    expect(await readCheckout(options.directory)).toMatchObject({ revision });
    const destination = join(makeTempDir(), "tree");
    await exportTree({ directory: options.directory, revision, destination });
    expect(readdirSync(destination).toSorted()).toStrictEqual(["dir", "old.txt"]);
  });

  it("follows new commits", async () => {
    const upstream = createFilteredUpstream();
    const options = makeFilteredOptions(upstream);
    await syncRepository(options);
    writeFiles(upstream, { "old.txt": "between\n" });
    commitAll(upstream);
    writeFiles(upstream, { "old.txt": "newest\n" });
    commitAll(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(listMissing(options.directory).split("\n")).toHaveLength(2);
  });

  it.each(["git", "isomorphic"] as const)("fetches everything once it is gone, by %s", async (engine) => {
    const upstream = createFilteredUpstream();
    const { filter, ...options } = makeFilteredOptions(upstream);
    await syncRepository({ ...options, filter: "blob:none" });

    await syncRepository({ ...options, engine });

    expect(filter).toBe("blob:none");
    expect(listMissing(options.directory)).toBe("");
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("takes everything from a remote that knows no filters", async () => {
    const upstream = createUpstream();
    const options = makeFilteredOptions(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("refuses combinations that make no sense", async () => {
    const options = makeOptions("/nowhere");

    await expect(syncRepository({ ...options, engine: "isomorphic", filter: "blob:none" })).rejects.toThrow(
      TypeError,
    );
    // @ts-expect-error what a caller without types may pass
    await expect(syncRepository({ ...options, filter: "tree:0" })).rejects.toThrow(TypeError);
    // @ts-expect-error what a caller without types may pass
    await expect(syncRepository({ ...options, engine: "jgit" })).rejects.toThrow(TypeError);
  });
});
