import { describe, expect, it } from "vitest";

import { makeTempDir, runGit } from "../test/repository.ts";
import { checkBranchName } from "./branch-name.ts";

function isBranchToGit(name: string): boolean {
  try {
    runGit(makeTempDir(), "check-ref-format", `refs/heads/${name}`);
    return true;
  } catch {
    return false;
  }
}

function isBranchToUs(name: string): boolean {
  try {
    return checkBranchName(name) === name;
  } catch {
    return false;
  }
}

describe("checkBranchName", () => {
  it.each([
    ["main"],
    ["a/b/c"],
    ["ünï"],
    ["a.b"],
    ["a@b"],
    ['"#;'],
    ["a-"],
    ["a{b"],
    [""],
    ["/a"],
    ["a/"],
    ["a//b"],
    [".a"],
    ["a/.b"],
    ["a."],
    ["a.lock"],
    ["a.lock/b"],
    ["a..b"],
    ["a b"],
    ["a~b"],
    ["a^b"],
    ["a:b"],
    ["a?b"],
    ["a*b"],
    ["a[b"],
    [String.raw`a\b`],
    ["a@{b"],
    ["a\u007Fb"],
    ["a\tb"],
  ])("judges %j as the real git does", (name) => {
    expect(isBranchToUs(name)).toBe(isBranchToGit(name));
  });

  it.each([["-a"], ["@"], ["HEAD"]])("refuses %j, which git takes for something else", (name) => {
    expect(() => checkBranchName(name)).toThrow(expect.objectContaining({ code: "ERR_GITSYNC_BRANCH" }));
  });
});
