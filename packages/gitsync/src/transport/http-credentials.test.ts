import { readFileSync } from "node:fs";
import { join } from "node:path";

import { requirePassword, serveGit, watchProcesses } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../../test/commands.ts";
import { ENGINES, optionsFor } from "../../test/engines.ts";
import { startServer } from "../../test/http-server.ts";
import { createUpstream, inspectCheckout, inspectUpstream, listBelow } from "../../test/repository.ts";
import { writeToken } from "../../test/transports.ts";
import { readCheckout, syncRepository } from "../index.ts";

const TOKEN = "sesame-0123456789";

describe.each(ENGINES)("syncRepository by %s with a token file", (engine) => {
  const makeOptions = optionsFor(engine);

  it("keeps the token out of arguments, environment, checkout and result", async () => {
    const upstream = createUpstream();
    const url = `${await startServer(requirePassword(TOKEN, serveGit(upstream)))}/upstream`;
    const env = installCommand(
      "git",
      `{ printf '%s\\n' "$@"; env; } >> "$LOG_DIR/log"; exec ${findCommand("git")} "$@"`,
    );
    const http = { tokenFile: writeToken(` ${TOKEN}\r\n`) };
    const options = { ...makeOptions(url), env, http };

    const result = await syncRepository(options);
    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    const files = listBelow(join(options.directory, ".git")).filter((path) => /config$|HEAD$/.test(path));
    const seen = [...files, ...(engine === "git" ? [join(env["LOG_DIR"] ?? "", "log")] : [])];
    expect(seen.map((path) => readFileSync(path, "utf8")).join("\n")).not.toContain(TOKEN);
  });

  it("shows it in no process's arguments or environment", async () => {
    const upstream = createUpstream();
    const serve = requirePassword(TOKEN, serveGit(upstream));
    const isSeen = Promise.withResolvers<void>();
    const origin = await startServer((request, response) => {
      const isHeld = request.headers.authorization !== undefined;
      void (isHeld ? isSeen.promise : Promise.resolve()).then(() => serve(request, response));
    });
    const options = { ...makeOptions(`${origin}/upstream`), http: { tokenFile: writeToken(TOKEN) } };
    await using watch = watchProcesses();

    const outcome = syncRepository(options);
    // The test itself is the process that isomorphic-git works in; the system's git has the address among its settings.
    const sign = engine === "git" ? `remote.origin.url=${origin}` : String(process.argv[1]);
    await expect.poll(() => [...watch.seen].some((text) => text.includes(sign))).toBe(true);
    isSeen.resolve();
    await outcome;

    expect([...watch.seen].filter((text) => text.includes(TOKEN))).toStrictEqual([]);
  });

  it.each([
    ["", "found none"],
    ["\n \n", "found none"],
    [`${TOKEN}\nsecond`, "several"],
    [`two ${TOKEN}`, "several"],
    [`${TOKEN}\u0000`, "several"],
  ])("refuses one that holds %j, without its contents", async (contents, found) => {
    const options = makeOptions("http://127.0.0.1:1/upstream");
    const tokenFile = writeToken(contents);

    const outcome = syncRepository({ ...options, http: { tokenFile } });

    await expect(outcome).rejects.toMatchObject({
      code: "ERR_GITSYNC_AUTH",
      message: expect.stringContaining(found),
    });
    await expect(outcome).rejects.toThrow(tokenFile);
    await expect(outcome).rejects.toThrow(/^(?!.*sesame)/s);
  });

  it("refuses one that is not there", async () => {
    const http = { tokenFile: "/nonexistent/token" };

    await expect(
      syncRepository({ ...makeOptions("http://127.0.0.1:1/upstream"), http }),
    ).rejects.toMatchObject({ code: "ERR_GITSYNC_AUTH", message: expect.stringContaining("ENOENT") });
  });

  it("tells that the server refuses it", async () => {
    const url = `${await startServer(requirePassword("another", serveGit(createUpstream())))}/upstream`;
    const options = { ...makeOptions(url), http: { tokenFile: writeToken(TOKEN) } };

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_AUTH" });
    await expect(outcome).rejects.toThrow(/^(?!.*sesame)/s);
  });

  it("sends it under the name that it is told", async () => {
    const upstream = createUpstream();
    const serve = serveGit(upstream);
    const names = new Set<string>();
    const origin = await startServer(
      requirePassword(TOKEN, (request, response) => {
        const basic = (request.headers.authorization ?? "").replace("Basic ", "");
        names.add(Buffer.from(basic, "base64").toString().split(":")[0] ?? "");
        serve(request, response);
      }),
    );
    const tokenFile = writeToken(TOKEN);

    await syncRepository({ ...makeOptions(`${origin}/upstream`), http: { tokenFile } });
    await syncRepository({ ...makeOptions(`${origin}/upstream`), http: { tokenFile, user: "it's" } });

    expect([...names]).toStrictEqual(["x-access-token", "it's"]);
  });

  it("follows a redirect at the same origin", async () => {
    const upstream = createUpstream();
    const serve = requirePassword(TOKEN, serveGit(upstream));
    const origin = await startServer((request, response) => {
      if (request.url?.startsWith("/renamed/") === true) {
        response.writeHead(301, { location: request.url.replace("renamed", "upstream") }).end();
      } else {
        serve(request, response);
      }
    });
    const options = { ...makeOptions(`${origin}/renamed`), http: { tokenFile: writeToken(TOKEN) } };

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("does not take it to another origin", async () => {
    const sent: (string | undefined)[] = [];
    const serve = requirePassword(TOKEN, serveGit(createUpstream()));
    const target = await startServer((request, response) => {
      sent.push(request.headers.authorization);
      serve(request, response);
    });
    const origin = await startServer((request, response) => {
      response.writeHead(302, { location: `${target}${request.url}` }).end();
    });
    const options = { ...makeOptions(`${origin}/upstream`), http: { tokenFile: writeToken(TOKEN) } };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_AUTH" });

    expect(new Set(sent)).toStrictEqual(new Set([undefined]));
  });

  it("sends it nowhere without https", async () => {
    const http = { tokenFile: writeToken(TOKEN) };

    await expect(
      syncRepository({ ...makeOptions("http://example.invalid/upstream"), http }),
    ).rejects.toMatchObject({ code: "ERR_GITSYNC_URL", message: expect.stringContaining("https://") });
  });

  it.each([
    ["/srv/repository", { tokenFile: "/token" }],
    ["git@example.org:repository", { tokenFile: "/token" }],
    ["https://user:password@example.org/repository", { tokenFile: "/token" }],
    ["https://example.org/repository", { tokenFile: "token" }],
    ["https://example.org/repository", { tokenFile: "/token", user: "a:b" }],
  ])("refuses arguments that make no sense: %s and %j", async (url, http) => {
    await expect(syncRepository({ ...makeOptions(url), http })).rejects.toThrow(TypeError);
  });
});

describe.each(ENGINES)("syncRepository by %s with a password in the address", (engine) => {
  const makeOptions = optionsFor(engine);

  it("uses it, and neither stores nor returns it", async () => {
    const upstream = createUpstream();
    const origin = await startServer(requirePassword(`p@ss ${TOKEN}`, serveGit(upstream)));
    const url = `${origin.replace("//", `//user:p%40ss%20${TOKEN}@`)}/upstream`;
    const options = makeOptions(url);

    const result = await syncRepository(options);

    expect(result.url).toBe(`${origin}/upstream`);
    expect((await readCheckout(options.directory))?.url).toBe(`${origin}/upstream`);
    expect(readFileSync(join(options.directory, ".git/config"), "utf8")).not.toContain(TOKEN);
  });

  it("refuses one with a line break", async () => {
    await expect(syncRepository(makeOptions("http://user:a%0Ab@127.0.0.1:1/upstream"))).rejects.toMatchObject(
      {
        code: "ERR_GITSYNC_URL",
      },
    );
  });
});
