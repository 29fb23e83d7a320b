import { describe, expect, it } from "vitest";

import { createUpstream, environment, runGit } from "../test/repository.ts";
import { createServedUpstream, makeServedOptions, startServer } from "../test/ssh.ts";
import { readRemoteRevision } from "./index.ts";

describe("readRemoteRevision", () => {
  it("tells where a branch is", async () => {
    const url = createUpstream();

    const revision = await readRemoteRevision({ url, branch: "main", env: environment });

    expect(revision).toBe(runGit(url, "rev-parse", "HEAD"));
  });

  it("asks over ssh, and takes no pack", async () => {
    const upstream = createServedUpstream({ "large.txt": "0123456789abcdef\n".repeat(10_000) });
    const server = await startServer();
    const { url, env, ssh } = makeServedOptions(server, upstream);

    const revision = await readRemoteRevision({ url, branch: "main", ssh, ...(env && { env }) });

    expect(revision).toBe(runGit(upstream, "rev-parse", "HEAD"));
    expect(server.sentBytes).toHaveLength(1);
  });

  it.each([
    ["ERR_GITSYNC_BRANCH", { branch: "mian" }],
    ["ERR_GITSYNC_BRANCH", { branch: "a b" }],
    ["ERR_GITSYNC_REPOSITORY", { url: "/nonexistent" }],
    ["ERR_GITSYNC_URL", { url: "relative" }],
  ])("says %s of %j", async (code, wrong) => {
    const options = { url: createUpstream(), branch: "main", env: environment, ...wrong };

    await expect(readRemoteRevision(options)).rejects.toMatchObject({ name: "GitSyncError", code });
  });

  it("ends with the caller's reason", async () => {
    const reason = new Error("shutting down");
    const signal = AbortSignal.abort(reason);

    const outcome = readRemoteRevision({ url: createUpstream(), branch: "main", env: environment, signal });

    await expect(outcome).rejects.toBe(reason);
  });
});
