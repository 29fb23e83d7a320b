import { describe, expect, it } from "vitest";

import { hideCredentials, parseRemoteUrl } from "./remote-url.ts";

describe("parseRemoteUrl", () => {
  it.each([
    ["/srv/git/flake.git", { type: "local", path: "/srv/git/flake.git" }],
    ["/srv/a:b", { type: "local", path: "/srv/a:b" }],
    ["file:///srv/a%20b", { type: "local", path: "/srv/a b" }],
    ["git@host:owner/repo.git", { type: "ssh", user: "git", host: "host", path: "owner/repo.git" }],
    ["host:/srv/repo", { type: "ssh", host: "host", path: "/srv/repo" }],
    ["git@[::1]:repo", { type: "ssh", user: "git", host: "::1", path: "repo" }],
    ["git@host:~/it's a repo", { type: "ssh", user: "git", host: "host", path: "~/it's a repo" }],
    ["ssh://git@host:2222/a/b.git", { type: "ssh", user: "git", host: "host", port: 2222, path: "/a/b.git" }],
    ["ssh://host/~user/repo", { type: "ssh", host: "host", path: "~user/repo" }],
    ["ssh://[fe80::1]:22/a%20b", { type: "ssh", host: "fe80::1", port: 22, path: "/a b" }],
    ["https://host/a.git", { type: "http", url: "https://host/a.git" }],
    ["HTTP://host:8080/a", { type: "http", url: "http://host:8080/a" }],
  ])("reads %s", (url, remote) => {
    expect(parseRemoteUrl(url)).toStrictEqual(remote);
  });

  it.each([
    [""],
    ["relative/path"],
    ["./a"],
    ["git://host/a"],
    ["ftp://host/a"],
    ["ssh://host"],
    ["ssh://host/"],
    ["ssh://-oProxyCommand=x/a"],
    ["-oProxyCommand=x:a"],
    ["-l@host:a"],
    ["host:-u"],
    ["ext::sh -c id"],
    ["ssh://us%20er@host/a"],
    ["ssh://host/%zz"],
    ["ssh://host:99999/a"],
    ["file://other-host/a"],
    ["https://"],
    ["/a\nb"],
    ["git@host:a\u0000b"],
  ])("refuses %j", (url) => {
    expect(() => parseRemoteUrl(url)).toThrow(expect.objectContaining({ code: "ERR_GITSYNC_URL" }));
  });
});

describe("hideCredentials", () => {
  it.each([
    ["https://user:secret@host/a", "https://host/a"],
    ["https://token@host/a", "https://host/a"],
    ["ssh://git:secret@host/a", "ssh://git@host/a"],
    ["ssh://git@host/a", "ssh://git@host/a"],
    ["git@host:a", "git@host:a"],
    ["/srv/a@b", "/srv/a@b"],
  ])("writes %s as %s", (url, shown) => {
    expect(hideCredentials(url)).toBe(shown);
  });

  it("keeps a secret out of the error for a wrong address", () => {
    expect(() => parseRemoteUrl("ftp://me:secret@host/a")).toThrow(/^(?!.*secret)/);
  });
});
