import * as fs from "node:fs";
import { pathToFileURL } from "node:url";

import * as git from "isomorphic-git";
import { describe, expect, it } from "vitest";

import { commitAll, createUpstream, environment, makeTempDir, runGit } from "../../test/repository.ts";
import { createLocalTransport } from "../index.ts";

/** isomorphic-git wants an address of http beside the plugin, and does not go there. */
const url = "http://unused.invalid/";

describe("createLocalTransport", () => {
  it.each([
    ["a path", (path: string): string => path],
    ["file://", (path: string): string => pathToFileURL(path).href],
  ])("serves isomorphic-git from %s: a clone, tags and all, and a fetch after it", async (_name, toUrl) => {
    const upstream = createUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "release", "v1");
    const dir = makeTempDir();
    await using http = createLocalTransport({ url: toUrl(upstream), env: environment });

    await git.clone({ fs, http, dir, url });
    const revision = commitAll(upstream);
    await git.fetch({ fs, http, dir, url });

    expect(await git.resolveRef({ fs, dir, ref: "origin/main" })).toBe(revision);
    expect(runGit(dir, "tag")).toBe("v1");
    expect(runGit(dir, "fsck", "--full")).toBe("");
  });

  it("lists refs, and can be asked again after it was closed", async () => {
    const upstream = createUpstream();
    const http = createLocalTransport({ url: upstream, env: environment });

    const first = await git.listServerRefs({ http, url, protocolVersion: 1 });
    await http.close();
    const second = await git.listServerRefs({ http, url, protocolVersion: 1 });
    await http.close();

    expect(first.map(({ ref }) => ref)).toStrictEqual(["HEAD", "refs/heads/main"]);
    expect(second).toStrictEqual(first);
  });

  it("finds git without an environment", async () => {
    await using http = createLocalTransport({ url: createUpstream() });

    await expect(git.listServerRefs({ http, url, protocolVersion: 1 })).resolves.toHaveLength(2);
  });

  it("refuses an address that is not a path", () => {
    expect(() => createLocalTransport({ url: "git@example.org:a" })).toThrow(
      expect.objectContaining({ code: "ERR_GITSYNC_URL" }),
    );
  });
});
