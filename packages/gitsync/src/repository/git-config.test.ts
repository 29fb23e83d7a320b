import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeTempDir, runGit, writeFiles } from "../../test/repository.ts";
import { formatGitConfig, parseRefspec } from "./git-config.ts";

describe("formatGitConfig", () => {
  it.each([
    ["/srv/flake.git", "main"],
    [`/srv/it's "quoted"; #not a comment \\ here`, 'we"ird;#branch'],
    ["git@host:a b", "feature/ünï"],
  ])("is read by the real git as it was meant: %s %s", (url, branch) => {
    const directory = makeTempDir();
    writeFiles(directory, { config: formatGitConfig({ url, branch }) });
    const read = (key: string): string =>
      runGit(directory, "config", "--file", join(directory, "config"), key);

    expect(read("remote.origin.url")).toBe(url);
    expect(read(`branch.${branch}.merge`)).toBe(`refs/heads/${branch}`);
    expect(parseRefspec(read("remote.origin.fetch"))).toBe(branch);
    expect(read("core.filemode")).toBe("true");
    expect(read("core.symlinks")).toBe("true");
    expect(read("core.ignorecase")).toBe("false");
  });
});

describe("parseRefspec", () => {
  it.each([
    "+refs/heads/*:refs/remotes/origin/*",
    "refs/heads/a:refs/remotes/origin/b",
    "refs/tags/a:refs/tags/a",
    "",
  ])("finds no single branch in %j", (refspec) => {
    expect(parseRefspec(refspec)).toBeUndefined();
  });
});
