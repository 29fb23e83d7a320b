import { symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KEY_1 } from "../test/fixtures.ts";
import { hashPartOf, makePopulatedStore, type PopulatedStore } from "../test/populated-store.ts";
import { makeTestApp } from "../test/test-app.ts";
import { startTestServer, type TestServer } from "../test/test-server.ts";

let nix: PopulatedStore;
let server: TestServer;

beforeAll(async () => {
  nix = makePopulatedStore();
  const keyFile = join(nix.root, "key");
  writeFileSync(keyFile, KEY_1.secret);
  server = await startTestServer(nix, { cacheServer: { signingKeyFiles: [keyFile] } });
});

afterAll(async () => {
  await server.stop();
  nix[Symbol.dispose]();
});

const NAR_HASH = "06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd";
const HASH_PART = "00000000000000000000000000000000";

describe("a hostile request", () => {
  it.each([
    "/../../../../etc/passwd",
    "/..%2f..%2fstate%2fdb%2fdb.sqlite",
    "/nar/..%2f..%2fkey",
    `/nar/${HASH_PART}.nar/../../key`,
    `/nar/${NAR_HASH}.nar?hash=../../key`,
    `/nar/${NAR_HASH}.nar?hash=${HASH_PART}&hash=${HASH_PART}`,
    `/nar/${NAR_HASH}.nar?hash[a]=${HASH_PART}`,
    `/nar/${NAR_HASH}.nar?hash=%zz`,
    `/nar/${NAR_HASH}.nar?__proto__=x`,
    "/nar/%zz.nar",
    "/nar/",
    "//nar/x.nar",
    "/%00.narinfo",
    "/%E0%A4%A.narinfo",
    "/constructor.narinfo",
    "/__proto__.narinfo",
    "/%27%20or%201=1--.narinfo",
    "/.narinfo",
    "/short.narinfo",
    `/${"e".repeat(32)}.narinfo`,
    `/${HASH_PART.toUpperCase()}X.narinfo`,
    `/${"0".repeat(5000)}.narinfo`,
    `/nar/${"0".repeat(5000)}.nar`,
    `/${HASH_PART}.narinfo/`,
    `/${HASH_PART}.narinfo/x`,
    `/log/${HASH_PART}`,
    "http://elsewhere.example/nix-cache-info.x",
  ])("for %s gets 404, and no more", async (target) => {
    const answer = await sendRaw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*\r\n\r\nnot found\n$/);
  });

  it.each([
    ["no HTTP", "\u0000\u0001\u0002\r\n\r\n"],
    ["a header without end", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}`],
    ["two lengths", "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
    [
      "a smuggled request",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
  ])("of %s is turned away, and the server lives on", async (_, request) => {
    const answer = await sendRaw(request);

    expect(answer).toMatch(/^HTTP\/1\.1 4(00|31) /);
    expect((await fetch(`${server.address}/nix-cache-info`)).status).toBe(200);
  });

  it("cannot lie about its address", async () => {
    await using app = makeTestApp(nix);
    const headers = { "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1", "x-real-ip": "127.0.0.1" };

    const response = await app.inject({ url: "/", remoteAddress: "10.0.0.1", headers });

    expect(response.statusCode).toBe(403);
  });

  it("gets a symbolic link in the store as a link, not what it points to", async () => {
    const secret = join(nix.root, "key");
    const link = join(nix.root, "link");
    symlinkSync(secret, link);
    const [path = ""] = nix.run("nix-store", "--add", link);

    const response = await fetch(`${server.address}/nar/${hashPartOf(path)}.nar`);

    expect(await response.text()).not.toContain(KEY_1.secret.slice(0, 40));
  });

  it("cannot have the secret key told, whatever it asks for", async () => {
    const urls = [
      "/",
      "/nix-cache-info",
      `/${hashPartOf(nix.leaf)}.narinfo`,
      `/nar/${hashPartOf(nix.leaf)}.nar`,
    ];

    const bodies = await Promise.all(urls.map(async (url) => (await fetch(server.address + url)).text()));

    const secret = KEY_1.secret.split(":")[1]?.slice(0, 40);
    expect(JSON.stringify([bodies, server.events])).not.toContain(secret);
  });
});

/** Sends bytes as they are, and reads until the server closes the connection. */
async function sendRaw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.address).port), "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}
