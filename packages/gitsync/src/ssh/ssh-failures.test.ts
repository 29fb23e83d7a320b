import { existsSync } from "node:fs";
import { createServer } from "node:net";

import { describe, expect, it, onTestFinished } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { makeTempDir } from "../../test/repository.ts";
import { DIRECT_SSH_FAILURES, SSH_FAILURES } from "../../test/ssh-failures.ts";
import type { SshFailure } from "../../test/ssh-failures.ts";
import { createServedUpstream, makeServedOptions, startServer } from "../../test/ssh.ts";
import { syncRepository } from "../index.ts";
import type { SyncRepositoryOptions } from "../index.ts";

async function makeFailingOptions({ ssh, sshd, url }: SshFailure): Promise<SyncRepositoryOptions> {
  const server = await startServer(sshd);
  const options = makeServedOptions(server, createServedUpstream(), ssh?.(server));
  return { ...options, url: url?.(server) ?? options.url };
}

/** A port of this machine that takes connections and says nothing. */
async function listenSilently(): Promise<number | undefined> {
  const silent = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  silent.listen(0, "127.0.0.1", resolve);
  onTestFinished(() => void silent.close());
  await promise;
  const address = silent.address();
  return typeof address === "object" ? address?.port : undefined;
}

describe("syncRepository tells the caller what to do about", () => {
  it.each([...SSH_FAILURES, ...DIRECT_SSH_FAILURES])("$name", async (failure) => {
    const options = await makeFailingOptions(failure);

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: failure.code });
    await expect(outcome).rejects.toThrow(failure.message);
    expect(existsSync(options.directory)).toBe(false);
  });
});

describe("syncRepository by git tells apart", () => {
  it.each(SSH_FAILURES)("$name", async (failure) => {
    const options = await makeFailingOptions(failure);

    const outcome = syncRepository({ ...options, engine: "git" });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: failure.code });
    expect(existsSync(options.directory)).toBe(false);
  });
});

describe.each(ENGINES)("syncRepository by %s ends", (engine) => {
  it("with a server that accepts connections and says nothing", async () => {
    const options = makeServedOptions(await startServer(), createServedUpstream());
    const url = `ssh://git@127.0.0.1:${await listenSilently()}/a`;

    const outcome = syncRepository({ ...options, engine, url, timeoutMs: 1000 });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("with a session that says nothing", async () => {
    const server = await startServer({ command: "sleep 600" });
    const options = makeServedOptions(server, createServedUpstream());

    const outcome = syncRepository({ ...options, engine, timeoutMs: 2000 });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("without an ssh", async () => {
    const options = makeServedOptions(await startServer(), createServedUpstream());

    const outcome = syncRepository({ ...options, engine, env: { PATH: makeTempDir() } });

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_COMMAND" });
  });
});
