import { serveGit } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { startServer } from "../../test/http-server.ts";
import { LFS_PATH, serveLfs } from "../../test/lfs-server.ts";
import { createLfsUpstream, inspectLfs, makeLfsEnvironment, makeLfsOptions } from "../../test/lfs.ts";
import { commitAll, createUpstream, makeOptions, writeFiles } from "../../test/repository.ts";
import { listTree } from "../checkout/tree-listing.ts";
import { syncRepository } from "../index.ts";
import { createObjectReader } from "../repository/objects.ts";
import { findLfsUrl } from "./lfs-url.ts";
import type { ReadableTree } from "./read-pointers.ts";

/** The tree of a commit that has an .lfsconfig with this text. */
async function makeTree(text: string): Promise<ReadableTree> {
  const options = makeOptions(createUpstream({ ".lfsconfig": text }));
  const { revision } = await syncRepository(options);
  const reader = createObjectReader(`${options.directory}/.git`);
  const { tree } = await reader.readCommit(revision);
  return { reader, listing: await listTree(reader, tree) };
}

describe("findLfsUrl", () => {
  it.each([
    ["https://example.org/flake.git", undefined],
    ["git@example.org:flake.git", undefined],
    ["/srv/a b%20c", "file:///srv/a%20b%2520c"],
  ])("leaves it to git-lfs, but for the characters of a path: %s", async (remote, url) => {
    expect(await findLfsUrl(remote, await makeTree("[lfs]\n\tlocksverify = false\n"))).toBe(url);
  });

  it.each([
    ["https://example.org/flake.git", "https://lfs.example.org/flake", "https://lfs.example.org/flake"],
    ["https://example.org/flake.git", "https://user:secret@lfs.example.org/", "https://lfs.example.org/"],
    ["http://127.0.0.1:1/flake.git", "http://127.0.0.1:2/flake", "http://127.0.0.1:2/flake"],
    ["git@example.org:flake.git", "https://lfs.example.org/flake", "https://lfs.example.org/flake"],
    ["git@example.org:flake.git", "ssh://git@lfs.example.org/flake", "ssh://git@lfs.example.org/flake"],
    ["/srv/flake", "/srv/large", "file:///srv/large"],
  ])("takes what .lfsconfig says of %s: %s", async (remote, named, url) => {
    expect(await findLfsUrl(remote, await makeTree(`[lfs]\n\turl = ${named}\n`))).toBe(url);
    expect(await findLfsUrl(remote, await makeTree(`[remote "origin"]\n\tlfsurl = ${named}\n`))).toBe(url);
  });

  it.each([
    ["https://example.org/flake.git", "http://lfs.example.org/flake"],
    ["https://example.org/flake.git", "file:///etc"],
    ["https://example.org/flake.git", "git@example.org:flake.git"],
    ["git@example.org:flake.git", "/srv/private"],
    ["/srv/flake", "git@example.org:flake.git"],
    ["/srv/flake", "ext::sh -c true"],
    ["/srv/flake", "ssh://-oProxyCommand=true/flake"],
  ])("refuses to go from %s to %s", async (remote, named) => {
    await expect(findLfsUrl(remote, await makeTree(`[lfs]\n\turl = ${named}\n`))).rejects.toMatchObject({
      code: "ERR_GITSYNC_URL",
    });
  });

  it.each(["[lfs\n", `[lfs]\n\turl = ${"x".repeat(2 ** 20)}\n`])(
    "refuses a file that is none",
    async (text) => {
      await expect(findLfsUrl("/srv/flake", await makeTree(text))).rejects.toMatchObject({
        code: "ERR_GITSYNC_TREE",
      });
    },
  );
});

describe("syncRepository with an .lfsconfig", () => {
  it("asks the server that it names, and obeys nothing else in it", async () => {
    const env = await makeLfsEnvironment();
    const upstream = createLfsUpstream(env);
    const server = await startServer(
      serveLfs(upstream, (_request, response) => response.writeHead(404).end()),
    );
    writeFiles(upstream, {
      ".lfsconfig": `[lfs]\n\turl = ${server}${LFS_PATH}\n\tfetchexclude = *\n\tskipdownloaderrors = true\n`,
    });
    commitAll(upstream, env);
    const options = makeLfsOptions(env, `${await startServer(serveGit(upstream))}/upstream`);

    await syncRepository(options);

    expect(inspectLfs(env, options.directory).files).toStrictEqual(inspectLfs(env, upstream).files);
  });
});
