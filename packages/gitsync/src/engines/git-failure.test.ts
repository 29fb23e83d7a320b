import { describe, expect, it } from "vitest";

import { toGitError } from "./git-failure.ts";

describe("toGitError", () => {
  it.each([
    ["fatal: write error: No space left on device", "ERR_GITSYNC_NO_SPACE"],
    ["fatal: write error: File too large", "ERR_GITSYNC_NO_SPACE"],
    ["fatal: Authentication failed for 'https://h/r'", "ERR_GITSYNC_AUTH"],
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", "ERR_GITSYNC_AUTH"],
    ["fatal: unable to access 'https://h/r': The requested URL returned error: 403", "ERR_GITSYNC_AUTH"],
    ["fatal: mismatched algorithms: client sha1; server sha256", "ERR_GITSYNC_REPOSITORY"],
    ["fatal: https://h/r/info/refs not valid: is this a git repository?", "ERR_GITSYNC_REPOSITORY"],
    ["fatal: repository 'https://h/r/' not found", "ERR_GITSYNC_REPOSITORY"],
    ["fatal: unable to access 'https://h/r': The requested URL returned error: 503", "ERR_GITSYNC_NETWORK"],
    ["fatal: unable to access 'https://h/r': Could not resolve host: h", "ERR_GITSYNC_NETWORK"],
    ["fatal: unable to access 'https://h/r': server certificate verification failed", "ERR_GITSYNC_NETWORK"],
    ["fatal: early EOF", "ERR_GITSYNC_PROTOCOL"],
  ])("takes %j for %s", (stderr, code) => {
    expect(toGitError("https://h/r", { exitCode: 128, stderr })).toMatchObject({
      code,
      exitCode: 128,
      stderr,
    });
  });

  it("says that git is not there", () => {
    const error = toGitError("/r", { exitCode: 127, stderr: "env: 'git': No such file or directory" });

    expect(error).toMatchObject({ code: "ERR_GITSYNC_COMMAND", message: expect.stringContaining("git") });
  });
});
