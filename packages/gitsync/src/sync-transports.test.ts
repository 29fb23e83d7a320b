import { rmSync } from "node:fs";
import { join } from "node:path";

import type { SshServer } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ENGINES } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  listBelow,
  makeTempDir,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import { pairWithEngines } from "../test/transports.ts";
import { syncRepository } from "./index.ts";
import type { SyncRepositoryOptions } from "./index.ts";

describe.each(pairWithEngines(ENGINES))("syncRepository by $engine over $name", ({ engine, transport }) => {
  let server: SshServer | undefined;
  beforeAll(async () => {
    server = await transport.start?.();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function makeOptions(upstream: string): Promise<SyncRepositoryOptions> {
    const directory = join(makeTempDir(), "checkout");
    return { ...(await transport.open(upstream, server)), branch: "main", directory, engine };
  }

  it("makes a checkout, and follows it through new commits, a forced push and another branch", async () => {
    const upstream = createUpstream();
    const options = await makeOptions(upstream);
    await syncRepository(options);
    writeFiles(upstream, { "new.txt": "new\n" });
    commitAll(upstream);
    const { updated } = await syncRepository(options);
    const followed = inspectCheckout(options.directory);
    const expected = inspectUpstream(upstream);
    runGit(upstream, "reset", "--quiet", "--hard", "HEAD~1");
    writeFiles(upstream, { "other.txt": "other\n" });
    commitAll(upstream);

    await syncRepository(options);

    expect(updated).toBe(true);
    expect(followed).toStrictEqual(expected);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    runGit(upstream, "branch", "dev", "main~1");
    await syncRepository({ ...options, branch: "dev" });
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream, "dev"));
  });

  it("fetches a damaged repository anew", async () => {
    const upstream = createUpstream();
    const options = await makeOptions(upstream);
    await syncRepository(options);
    for (const path of listBelow(join(options.directory, ".git/objects/pack"))) {
      rmSync(path);
    }

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("tells a missing branch from a missing repository", async () => {
    const upstream = createUpstream();
    const options = await makeOptions(upstream);

    await expect(syncRepository({ ...options, branch: "mian" })).rejects.toMatchObject({
      code: "ERR_GITSYNC_BRANCH",
      message: expect.stringContaining("main"),
    });
    rmSync(upstream, { recursive: true });
    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_REPOSITORY" });
  });
});
