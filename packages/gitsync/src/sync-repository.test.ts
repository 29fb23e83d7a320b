import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../test/commands.ts";
import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  listBelow,
  makeTempDir,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import { readCheckout, syncRepository } from "./index.ts";

function listTimes(directory: string): Record<string, bigint> {
  const times = listBelow(directory).map(
    (path) => [path, lstatSync(path, { bigint: true }).ctimeNs] as const,
  );
  return Object.fromEntries(times);
}

describe.each(ENGINES)("syncRepository by %s", (engine) => {
  const makeOptions = optionsFor(engine);

  it("makes a checkout where nothing was", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream, join(makeTempDir(), "some/where/checkout"));

    const result = await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(result).toStrictEqual({
      revision: runGit(upstream, "rev-parse", "main"),
      url: upstream,
      branch: "main",
      commitTime: new Date(1_700_000_000_000),
      updated: true,
    });
  });

  it("makes a checkout in an empty directory, and keeps that directory", async () => {
    const upstream = createUpstream();
    const directory = makeTempDir();
    chmodSync(directory, 0o750);
    const { ino } = statSync(directory);

    await syncRepository(makeOptions(upstream, directory));

    expect(inspectCheckout(directory)).toStrictEqual(inspectUpstream(upstream));
    expect(statSync(directory)).toMatchObject({ ino, mode: 0o040_750 });
  });

  it("changes no file when nothing is new", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    const before = listTimes(options.directory);

    const result = await syncRepository(options);

    expect(result.updated).toBe(false);
    expect(listTimes(options.directory)).toStrictEqual(before);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("follows new commits with a pack of just what is new", async () => {
    const upstream = createUpstream({ "big.txt": "line\n".repeat(10_000) });
    const options = makeOptions(upstream);
    await syncRepository(options);
    writeFiles(upstream, { "new/file.txt": "new\n" });
    const revision = commitAll(upstream);

    const result = await syncRepository(options);

    expect(result).toMatchObject({ revision, updated: true });
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    const packs = readdirSync(join(options.directory, ".git/objects/pack")).filter((name) =>
      name.endsWith(".pack"),
    );
    expect(packs).toHaveLength(2);
  });

  it("follows a forced push", async () => {
    const upstream = createUpstream();
    writeFiles(upstream, { "second.txt": "2\n" });
    commitAll(upstream);
    const options = makeOptions(upstream);
    await syncRepository(options);
    runGit(upstream, "reset", "--quiet", "--hard", "HEAD~1");
    writeFiles(upstream, { "other.txt": "other\n" });
    commitAll(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("follows a forced push whose old commits are gone from the remote", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    runGit(upstream, "checkout", "--quiet", "--orphan", "new");
    writeFiles(upstream, { "other.txt": "other\n" });
    commitAll(upstream);
    runGit(upstream, "branch", "--quiet", "--force", "--move", "new", "main");
    runGit(upstream, "reflog", "expire", "--expire=now", "--all");
    runGit(upstream, "gc", "--quiet", "--prune=now");

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it.each([["dev"], ["feature/of-main"], ["main/below"], ["ünïcode"], ['we"ird;#branch']])(
    "changes to the branch %s and back",
    async (branch) => {
      const upstream = createUpstream();
      const base = makeOptions(upstream);
      await syncRepository(base);
      if (branch.startsWith("main/")) {
        runGit(upstream, "branch", "--quiet", "--move", "main", "main2");
      }
      runGit(upstream, "checkout", "--quiet", "-b", branch);
      writeFiles(upstream, { "branch.txt": "branch\n" });
      commitAll(upstream);

      const changed = await syncRepository({ ...base, branch });

      expect(changed.updated).toBe(true);
      expect(inspectCheckout(base.directory)).toStrictEqual(inspectUpstream(upstream, branch));
      expect(await readCheckout(base.directory)).toMatchObject({
        url: upstream,
        branch,
        revision: changed.revision,
      });
      runGit(upstream, "checkout", "--quiet", "--orphan", "aside");
      runGit(upstream, "branch", "--quiet", "--delete", "--force", branch);
      runGit(upstream, "branch", "--quiet", "--force", "main", changed.revision);
      await syncRepository(base);
      expect(inspectCheckout(base.directory)).toStrictEqual(inspectUpstream(upstream));
    },
  );

  it("changes to another repository", async () => {
    const first = createUpstream();
    const second = createUpstream({ "README.md": "another\n" });
    const options = makeOptions(first);
    await syncRepository(options);

    await syncRepository({ ...options, url: second });

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(second));
    expect(runGit(options.directory, "config", "remote.origin.url")).toBe(second);
    expect(runGit(options.directory, "remote", "get-url", "origin")).toBe(second);
  });

  it("takes over a checkout that the real git made", async () => {
    const upstream = createUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "release", "v1");
    runGit(upstream, "branch", "other");
    const options = makeOptions(upstream);
    runGit(makeTempDir(), "clone", "--quiet", upstream, options.directory);
    writeFiles(upstream, { "later.txt": "later\n" });
    commitAll(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("leaves a repository that the real git can go on with", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    writeFiles(upstream, { "later.txt": "later\n" });
    commitAll(upstream);

    runGit(options.directory, "pull", "--quiet", "--ff-only");
    runGit(options.directory, "gc", "--quiet", "--prune=now");

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("takes a repository of another owner", async () => {
    const upstream = createUpstream();
    // The hook of git's own tests: every repository belongs to somebody else.
    const env = installCommand("git", `GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${findCommand("git")} "$@"`);
    const options = { ...makeOptions(upstream), env };

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    const refused = spawnSync("git", ["upload-pack", upstream], { env, encoding: "utf8" });
    expect(refused.stderr).toContain("dubious ownership");
  });

  it("goes through a directory that is a symlink", async () => {
    const upstream = createUpstream();
    const target = makeTempDir();
    const link = join(makeTempDir(), "link");
    symlinkSync(target, link);

    await syncRepository(makeOptions(upstream, link));

    expect(inspectCheckout(target)).toStrictEqual(inspectUpstream(upstream));
  });

  it("leaves nothing running and nothing in the way", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(readdirSync(options.directory).toSorted()).toStrictEqual([".git", "flake.nix"]);
    expect(readdirSync(join(options.directory, ".git")).toSorted()).toStrictEqual([
      "HEAD",
      "config",
      "index",
      "objects",
      "refs",
    ]);
  });
});
