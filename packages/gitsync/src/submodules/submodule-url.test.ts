import { describe, expect, it } from "vitest";

import { createUpstream, runGit, writeFiles } from "../../test/repository.ts";
import { isSameOrigin, resolveSubmoduleUrl } from "./submodule-url.ts";

const PARENTS = [
  "https://example.org/team/flake.git",
  "https://example.org/team/flake/",
  "http://user:secret@example.org:8080/a/b/c",
  "ssh://git@example.org/team/flake.git",
  "ssh://git@example.org:2222/~/flake",
  "git@example.org:team/flake.git",
  "git@example.org:flake.git",
  "example.org:/srv/git/flake.git",
  "git@[::1]:team/flake.git",
  "/srv/git/flake.git",
  "/srv/git/flake.git/",
  "file:///srv/git/team/flake",
];

const ADDRESSES = [
  "./sub.git",
  "../sub.git",
  ".././sub",
  "./../sub/",
  "../other/../sub",
  "../a b",
  "https://elsewhere.org/sub.git",
  "git@elsewhere.org:sub.git",
  "ssh://elsewhere.org/sub",
];

/** The address that the real git writes down for a submodule. */
function resolveByGit(repository: string, parent: string, url: string): string {
  runGit(repository, "config", "--local", "remote.origin.url", parent);
  writeFiles(repository, { ".gitmodules": `[submodule "s"]\n\tpath = s\n\turl = "${url}"\n` });
  runGit(repository, "config", "--local", "--unset-all", "submodule.s.url");
  runGit(repository, "submodule", "--quiet", "init");
  return runGit(repository, "config", "submodule.s.url");
}

describe("resolveSubmoduleUrl", () => {
  it.each(PARENTS)("finds what the real git finds from %s", (parent) => {
    const repository = createUpstream();
    runGit(repository, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},s`);
    runGit(repository, "config", "--local", "submodule.s.url", "none");

    const ours = ADDRESSES.map((url) => resolveSubmoduleUrl(parent, url));

    expect(ours).toStrictEqual(ADDRESSES.map((url) => resolveByGit(repository, parent, url)));
  });

  it.each([
    ["https://example.org/team/flake", "../../sub", "https://example.org/sub"],
    ["git@example.org:team/flake", "../../sub", "git@example.org:sub"],
    ["/srv/flake", "../../sub", "/sub"],
    ["/srv/flake", "/elsewhere/sub", "/elsewhere/sub"],
    ["/srv/flake", "file:///elsewhere/sub", "file:///elsewhere/sub"],
  ])("takes %s and %s for %s", (parent, url, resolved) => {
    expect(resolveSubmoduleUrl(parent, url)).toBe(resolved);
  });

  it.each([
    ["https://example.org/flake", "/srv/sub"],
    ["https://example.org/flake", "file:///srv/sub"],
    ["https://example.org/flake", "FILE://localhost/srv/sub"],
    ["git@example.org:flake", "/srv/sub"],
    ["ssh://example.org/flake", "file:///srv/sub"],
  ])("refuses to go from %s to this machine's %s", (parent, url) => {
    expect(() => resolveSubmoduleUrl(parent, url)).toThrow(
      expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
    );
  });

  it.each([
    ["https://example.org/team/flake", "../../../sub"],
    ["https://example.org/team/flake", "../../../evil.org/sub"],
    ["https://example.org/flake", "../../../../evil.org:sub"],
    ["ssh://git@example.org/flake", "../../git@evil.org/sub"],
    ["ssh://git@example.org:22/flake", "../../../sub"],
    ["git@example.org:flake", "../../sub"],
    ["git@example.org:flake", "../../../evil.org:sub"],
    ["/srv/flake", "../../../sub"],
    ["/srv/flake", "../../../../../sub"],
    ["file:///flake", "../../../../sub"],
  ])("refuses to leave the host of %s by %s", (parent, url) => {
    expect(() => resolveSubmoduleUrl(parent, url)).toThrow(
      expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
    );
  });

  it.each(["sub", "ext::sh -c id", "git://example.org/sub", "ftp://example.org/sub", "host:-sub", "a\nb:c"])(
    "refuses %j",
    (url) => {
      expect(() => resolveSubmoduleUrl("https://example.org/flake", url)).toThrow(
        expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
      );
    },
  );

  it("keeps a password out of its messages", () => {
    expect(() =>
      resolveSubmoduleUrl("https://example.org/flake", "git://user:secret@example.org/sub"),
    ).toThrow(/^(?!.*secret)/);
  });
});

describe("isSameOrigin", () => {
  it.each([
    ["https://example.org/flake", "https://example.org/sub"],
    ["https://example.org/flake", "https://example.org:443/sub"],
    ["https://me@example.org/flake", "https://me@example.org/sub"],
    ["https://me@example.org/flake", "https://example.org/sub"],
  ])("finds that %s and %s are", (parent, url) => {
    expect(isSameOrigin(parent, url)).toBe(true);
  });

  it.each([
    ["https://example.org/flake", "http://example.org/sub"],
    ["https://example.org/flake", "https://example.org:444/sub"],
    ["https://example.org/flake", "https://sub.example.org/sub"],
    ["https://example.org/flake", "https://example.org.evil.org/sub"],
    ["https://example.org/flake", "https://example.org@evil.org/sub"],
    ["https://example.org/flake", "https://other@example.org/sub"],
    ["https://example.org/flake", "https://:password@example.org/sub"],
    ["https://example.org/flake", "git@example.org:sub"],
    ["git@example.org:flake", "https://example.org/sub"],
    ["/srv/flake", "/srv/sub"],
  ])("finds that %s and %s are not", (parent, url) => {
    expect(isSameOrigin(parent, url)).toBe(false);
  });
});
