import { existsSync } from "node:fs";

import { serveGit } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../../test/engines.ts";
import { ignoreRequest, startServer } from "../../test/http-server.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  runGit,
  writeFiles,
} from "../../test/repository.ts";
import { readCheckout, syncRepository } from "../index.ts";

describe.each(ENGINES)("syncRepository by %s over http", (engine) => {
  const makeOptions = optionsFor(engine);

  it("makes a checkout and follows it", async () => {
    const upstream = createUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "release", "v1");
    const url = `${await startServer(serveGit(upstream))}/upstream`;
    const options = makeOptions(url);
    await syncRepository(options);
    writeFiles(upstream, { "new.txt": "new\n" });
    commitAll(upstream);

    const { updated } = await syncRepository(options);

    expect(updated).toBe(true);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(runGit(options.directory, "remote", "get-url", "origin")).toBe(url);
  });

  it("takes a HEAD that points nowhere", async () => {
    const upstream = createUpstream();
    runGit(upstream, "symbolic-ref", "HEAD", "refs/heads/nowhere");
    const options = makeOptions(`${await startServer(serveGit(upstream))}/upstream`);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it.each([
    [401, "ERR_GITSYNC_AUTH"],
    [403, "ERR_GITSYNC_AUTH"],
    [404, "ERR_GITSYNC_REPOSITORY"],
    [500, "ERR_GITSYNC_NETWORK"],
    [503, "ERR_GITSYNC_NETWORK"],
  ])("tells by status %i what is wrong", async (status, code) => {
    const origin = await startServer((_request, response) => response.writeHead(status).end("no"));
    const options = makeOptions(origin.replace("//", "//user:secret@"));

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code });
    await expect(outcome).rejects.toThrow(/^(?!.*secret)/s);
    expect(existsSync(options.directory)).toBe(false);
  });

  it("tells a web page from a repository", async () => {
    const origin = await startServer((_request, response) => response.end("<html>hello</html>"));

    await expect(syncRepository(makeOptions(origin))).rejects.toMatchObject({
      code: "ERR_GITSYNC_REPOSITORY",
    });
  });

  it("tells a refused connection", async () => {
    await expect(syncRepository(makeOptions("http://127.0.0.1:1/repo"))).rejects.toMatchObject({
      code: "ERR_GITSYNC_NETWORK",
    });
  });

  it("gives up after the time that it was given", async () => {
    const origin = await startServer(ignoreRequest);
    const options = { ...makeOptions(origin), timeoutMs: 200 };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it("gives up in the middle of an answer", async () => {
    const upstream = createUpstream();
    const serve = serveGit(upstream);
    const origin = await startServer((request, response) => {
      if (request.method === "POST") {
        response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" });
        response.write("0008NAK\n");
      } else {
        serve(request, response);
      }
    });
    const options = { ...makeOptions(`${origin}/upstream`), timeoutMs: 500 };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
  });

  it.each([
    ["closed", "0008NAK\n", "ERR_GITSYNC_PROTOCOL"],
    ["broken off", "0008NAK\n0014\u0003fatal: no memory0000", "ERR_GITSYNC_PROTOCOL"],
  ])("changes nothing when the answer is %s", async (_name, answer, code) => {
    const upstream = createUpstream();
    const serve = serveGit(upstream);
    let isBroken = false;
    const origin = await startServer((request, response) => {
      if (isBroken && request.method === "POST") {
        response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" }).end(answer);
      } else {
        serve(request, response);
      }
    });
    const options = makeOptions(`${origin}/upstream`);
    const { revision } = await syncRepository(options);
    isBroken = true;
    commitAll(upstream);

    await expect(syncRepository(options)).rejects.toMatchObject({ code });

    expect(await readCheckout(options.directory)).toMatchObject({ revision });
    expect(runGit(options.directory, "status", "--porcelain", "--ignored")).toBe("");
  });
});
