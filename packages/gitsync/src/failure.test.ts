import { describe, expect, it } from "vitest";

import { GitSyncError } from "./errors.ts";
import { isDamage, toFileError } from "./failure.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: some reason, write`), { code, syscall: "write", errno: -1 });
}

describe("toFileError", () => {
  it.each([
    ["ENOSPC", "ERR_GITSYNC_NO_SPACE"],
    ["EDQUOT", "ERR_GITSYNC_NO_SPACE"],
    ["EFBIG", "ERR_GITSYNC_NO_SPACE"],
    ["EACCES", "ERR_GITSYNC_DIRECTORY"],
    ["EROFS", "ERR_GITSYNC_DIRECTORY"],
    ["EIO", "ERR_GITSYNC_DIRECTORY"],
  ])("turns %s into %s, and keeps the cause", (code, expected) => {
    const cause = systemError(code);

    expect(toFileError(cause)).toMatchObject({ code: expected, cause });
  });

  it.each([new GitSyncError("ERR_GITSYNC_TREE", "a tree"), new TypeError("an argument"), "text"])(
    "hands on anything else: %s",
    (error) => {
      expect(toFileError(error)).toBe(error);
    },
  );
});

describe("isDamage", () => {
  it.each([
    [new GitSyncError("ERR_GITSYNC_CORRUPT", "a pack"), true],
    [new GitSyncError("ERR_GITSYNC_NETWORK", "the host"), false],
    [new GitSyncError("ERR_GITSYNC_TREE", "a tree"), false],
    [systemError("ENOENT"), true],
    [systemError("EISDIR"), true],
    [systemError("ENOSPC"), false],
    [systemError("EACCES"), false],
    [new Error("isomorphic-git's words"), true],
  ])("judges %s: %s", (error, expected) => {
    expect(isDamage(error)).toBe(expected);
  });
});
