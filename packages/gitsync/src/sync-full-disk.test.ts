import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { serveGit } from "@nix-cache/tooling-parts";
import { beforeEach, describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../test/commands.ts";
import { ENGINES, optionsFor } from "../test/engines.ts";
import { startServer } from "../test/http-server.ts";
import { serveLfs } from "../test/lfs-server.ts";
import {
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../test/lfs.ts";
import {
  commitAll,
  createUpstream,
  environment,
  inspectCheckout,
  inspectUpstream,
  listBelow,
  snapshot,
} from "../test/repository.ts";
import { runSync } from "../test/start-sync.ts";
import { readCheckout, syncRepository } from "./index.ts";
import type { SyncRepositoryOptions } from "./index.ts";

// The kernel refuses to make a file longer than a process's limit, which anybody can set; a full disk is refused alike,
// at the same system call, as ENOSPC.

/** In blocks of 512 bytes: more than all that a sync of small files writes, less than one large file. */
const MAX_BLOCKS = 1000;

/** Bytes of a large file, twice what may be written. */
const LARGE = 2 * MAX_BLOCKS * 512;

/** A git, and what it starts, that may write no large file; it is told so, rather than killed. */
function limitGit(path = environment["PATH"]): Record<string, string> {
  const git = `trap '' XFSZ; ulimit -f ${MAX_BLOCKS}; PATH=${path} exec ${findCommand("git")} "$@"`;
  const env = installCommand("git", git);
  return { ...env, PATH: `${env["LOG_DIR"]}:${path}` };
}

describe.each(ENGINES)("syncRepository by %s, when the disk is full", (engine) => {
  let upstream = "";
  let options: SyncRepositoryOptions & { env: Record<string, string> };
  let revision = "";

  beforeEach(async () => {
    upstream = createUpstream();
    options = optionsFor(engine)(upstream);
    ({ revision } = await syncRepository(options));
  });

  it("while objects arrive, changes nothing, and goes on when there is room", async () => {
    writeFileSync(join(upstream, "large.bin"), randomBytes(LARGE));
    commitAll(upstream);
    const before = snapshot(options.directory);

    const outcome = await (engine === "git"
      ? runSync({ ...options, env: limitGit() })
      : runSync(options, { maxBlocks: MAX_BLOCKS }));

    expect(outcome).toMatchObject({ code: "ERR_GITSYNC_NO_SPACE" });
    expect(Object.keys(snapshot(options.directory))).toStrictEqual(Object.keys(before));
    expect(await readCheckout(options.directory)).toMatchObject({ revision });
    expect(inspectCheckout(options.directory)).toMatchObject({
      revision,
      status: "",
      freshStatus: "",
      fsck: "",
    });
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("while files are written, says so, and the next sync puts it right", async () => {
    // Almost nothing as an object.
    writeFileSync(join(upstream, "large.txt"), "\n".repeat(LARGE));
    commitAll(upstream);

    const outcome = await runSync(options, { maxBlocks: MAX_BLOCKS });

    expect(outcome).toMatchObject({ code: "ERR_GITSYNC_NO_SPACE" });
    expect(await readCheckout(options.directory)).toMatchObject({ revision });
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });
});

describe("syncRepository with lfs, when the disk is full", () => {
  it("while contents arrive, changes no file, and goes on when there is room", async () => {
    const env = await makeLfsEnvironment();
    const upstream = createLfsUpstream(env);
    const url = `${await startServer(serveLfs(upstream, serveGit(upstream)))}/upstream`;
    const options = makeLfsOptions(env, url);
    const { revision } = await syncRepository(options);
    writeFileSync(join(upstream, "large.bin"), randomBytes(LARGE));
    commitAll(upstream, env);
    const before = readFileSync(join(options.directory, "large.bin"));

    const outcome = await runSync({ ...options, env: limitGit(env["PATH"]) });

    expect(outcome).toMatchObject({ code: "ERR_GITSYNC_NO_SPACE" });
    expect(await readCheckout(options.directory)).toMatchObject({ revision });
    expect(readFileSync(join(options.directory, "large.bin"))).toStrictEqual(before);
    expect(listBelow(options.directory).filter((path) => path.includes(".gitsync-"))).toStrictEqual([]);
    await syncRepository(options);
    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });
});
