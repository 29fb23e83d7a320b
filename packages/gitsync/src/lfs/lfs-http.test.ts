import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { inspect } from "node:util";

import { requirePassword, serveGit, watchProcesses } from "@nix-cache/tooling-parts";
import { beforeAll, describe, expect, it } from "vitest";

import { linkCommands } from "../../test/commands.ts";
import { ignoreRequest, startServer } from "../../test/http-server.ts";
import { LFS_PATH, serveLfs } from "../../test/lfs-server.ts";
import {
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  listLfsObjects,
  makeContents,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../../test/lfs.ts";
import { commitAll, environment, listBelow, snapshot, writeFiles } from "../../test/repository.ts";
import { writeToken } from "../../test/transports.ts";
import { readCheckout, syncRepository } from "../index.ts";

const TOKEN = "sesame-0123456789";

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await makeLfsEnvironment();
});

/** What a server says to whoever asks for Git LFS. */
function answerLfs(answer: RequestListener, serveOthers: RequestListener): RequestListener {
  return (request, response) =>
    request.url?.startsWith(LFS_PATH) === true ? answer(request, response) : serveOthers(request, response);
}

describe("syncRepository with lfs over http", () => {
  it("brings the contents, and follows them", async () => {
    const upstream = createLfsUpstream(env);
    const url = `${await startServer(serveLfs(upstream, serveGit(upstream)))}/upstream`;
    const options = makeLfsOptions(env, url);
    await syncRepository(options);
    writeFiles(upstream, { "large.bin": makeContents("second"), "dir/other.bin": makeContents("other") });
    commitAll(upstream, env);

    await syncRepository(options);

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("fetches only what is not there yet", async () => {
    const upstream = createLfsUpstream(env);
    const asked: string[] = [];
    const serve = serveLfs(upstream, serveGit(upstream));
    const origin = await startServer((request, response) => {
      asked.push(...(request.url?.includes("/contents/") === true ? [request.url] : []));
      serve(request, response);
    });
    const options = makeLfsOptions(env, `${origin}/upstream`);
    await syncRepository(options);
    writeFiles(upstream, { "other.bin": makeContents("other") });
    commitAll(upstream, env);

    await syncRepository(options);

    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(2);
  });

  it("shows the token to the repository's server alone, and nowhere else", async () => {
    const upstream = createLfsUpstream(env);
    const isSeen = Promise.withResolvers<void>();
    const serve = requirePassword(TOKEN, serveLfs(upstream, serveGit(upstream)));
    const origin = await startServer((request, response) => {
      const isHeld = request.url?.includes("/contents/") === true;
      void (isHeld ? isSeen.promise : Promise.resolve()).then(() => serve(request, response));
    });
    const options = makeLfsOptions(env, `${origin}/upstream`);
    await using watch = watchProcesses();

    const outcome = syncRepository({ ...options, http: { tokenFile: writeToken(`${TOKEN}\n`) } });
    await expect.poll(() => [...watch.seen].some((text) => text.includes("git-lfs fetch"))).toBe(true);
    isSeen.resolve();
    const result = await outcome;

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
    expect([...watch.seen].filter((text) => text.includes(TOKEN))).toStrictEqual([]);
    const texts = listBelow(join(options.directory, ".git")).filter((path) => /config$|HEAD$/.test(path));
    const kept = [JSON.stringify(result), ...texts.map((path) => readFileSync(path, "utf8"))];
    expect(kept.filter((text) => text.includes(TOKEN))).toStrictEqual([]);
  });

  it("tells that the server of the contents refuses the token", async () => {
    const upstream = createLfsUpstream(env);
    const refuse = requirePassword("another", serveLfs(upstream, ignoreRequest));
    const origin = await startServer(answerLfs(refuse, requirePassword(TOKEN, serveGit(upstream))));
    const options = { ...makeLfsOptions(env, `${origin}/upstream`), http: { tokenFile: writeToken(TOKEN) } };

    const error: unknown = await syncRepository(options).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ name: "GitSyncError", code: "ERR_GITSYNC_AUTH" });
    expect(inspect(error, { depth: 10 })).not.toContain(TOKEN);
  });

  it.each([
    [401, "ERR_GITSYNC_AUTH"],
    [403, "ERR_GITSYNC_AUTH"],
    [404, "ERR_GITSYNC_LFS"],
    [501, "ERR_GITSYNC_LFS"],
    [500, "ERR_GITSYNC_NETWORK"],
  ])("tells by status %i what is wrong", async (status, code) => {
    const upstream = createLfsUpstream(env);
    const answer: RequestListener = (_request, response) => response.writeHead(status).end("no");
    const origin = await startServer(answerLfs(answer, serveGit(upstream)));

    const outcome = syncRepository(makeLfsOptions(env, `${origin}/upstream`));

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code });
  });

  it("gives up after the time that it was given", async () => {
    const upstream = createLfsUpstream(env);
    const origin = await startServer(answerLfs(ignoreRequest, serveGit(upstream)));
    const options = { ...makeLfsOptions(env, `${origin}/upstream`), timeoutMs: 3000 };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("gives up when the caller does, throwing the caller's reason", async () => {
    const upstream = createLfsUpstream(env);
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const giveUp: RequestListener = () => controller.abort(reason);
    const origin = await startServer(answerLfs(giveUp, serveGit(upstream)));
    const options = { ...makeLfsOptions(env, `${origin}/upstream`), signal: controller.signal };

    await expect(syncRepository(options)).rejects.toBe(reason);
  });
});

describe("syncRepository with lfs, when the server", () => {
  const failures: readonly (readonly [string, (upstream: string, objectFile: string) => RequestListener])[] =
    [
      [
        "lacks an object",
        (upstream, objectFile) => {
          rmSync(objectFile);
          return serveLfs(upstream, serveGit(upstream));
        },
      ],
      [
        "sends other contents of the same size",
        (upstream, objectFile) => {
          rmSync(objectFile);
          writeFileSync(objectFile, makeContents("third!"));
          return serveLfs(upstream, serveGit(upstream));
        },
      ],
      [
        "sends less",
        (upstream, objectFile) => {
          rmSync(objectFile);
          writeFileSync(objectFile, "second\n");
          return serveLfs(upstream, serveGit(upstream));
        },
      ],
      [
        "talks of something else",
        (upstream) => answerLfs((_request, response) => response.end("<html>"), serveGit(upstream)),
      ],
    ];

  it.each(failures)("%s, says so and leaves the old checkout whole", async (_name, makeListener) => {
    const upstream = createLfsUpstream(env);
    let serve = serveLfs(upstream, serveGit(upstream));
    const origin = await startServer((request, response) => serve(request, response));
    const options = makeLfsOptions(env, `${origin}/upstream`);
    const { revision } = await syncRepository(options);
    const [first] = listLfsObjects(upstream);
    writeFiles(upstream, { "large.bin": makeContents("second") });
    commitAll(upstream, env);
    const second = listLfsObjects(upstream).find((path) => path !== first) ?? "";
    serve = makeListener(upstream, join(upstream, ".git", second));
    const before = snapshot(join(options.directory, ".git/lfs"));

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: "ERR_GITSYNC_LFS" });
    expect(snapshot(join(options.directory, ".git/lfs"))).toStrictEqual(before);
    expect(readFileSync(join(options.directory, "large.bin"), "utf8")).toBe(makeContents("first"));
    expect(await readCheckout(options.directory)).toMatchObject({ revision });
  });

  it("fails a first sync, makes no directory", async () => {
    const upstream = createLfsUpstream(env);
    rmSync(join(upstream, ".git/lfs"), { recursive: true });
    const options = makeLfsOptions(env, upstream);

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_LFS" });

    expect(await readCheckout(options.directory)).toBeUndefined();
    expect(() => listBelow(options.directory)).toThrow(/ENOENT/);
  });

  it("is there and git-lfs is not, says what to install", async () => {
    const options = makeLfsOptions(
      { ...environment, PATH: linkCommands("env", "git", "sh") },
      createLfsUpstream(env),
    );

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_COMMAND" });
    await expect(outcome).rejects.toThrow(/install git-lfs/);
  });
});
