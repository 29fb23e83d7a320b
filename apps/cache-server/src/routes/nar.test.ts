import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";

import { openStoreDb } from "@nix-cache/store-db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { hashPartOf, makePopulatedStore, type PopulatedStore } from "../../test/populated-store.ts";
import { makeTestApp } from "../../test/test-app.ts";

let nix: PopulatedStore;
let narHash: string;

beforeAll(() => {
  nix = makePopulatedStore();
  narHash = String(nix.run("nix-store", "-q", "--hash", nix.tree)[0]).replace("sha256:", "");
});

afterAll(() => nix[Symbol.dispose]());

describe("GET /nar/…", () => {
  it("gives the bytes of nix-store --dump under every shape of URL", async () => {
    await using app = makeTestApp(nix);
    const hashPart = hashPartOf(nix.tree);
    const urls = [
      `/nar/${hashPart}-${narHash}.nar`,
      `/nar/${hashPart}.nar`,
      `/nar/${narHash}.nar?hash=${hashPart}`,
      `/nar/${hashPart}%2D${narHash}.nar`,
    ];

    const responses = await Promise.all(urls.map((url) => app.inject(url)));

    const expected = execFileSync("nix-store", ["--dump", nix.tree]);
    for (const response of responses) {
      expect(response.statusCode).toBe(200);
      expect(response.rawPayload.equals(expected)).toBe(true);
      expect(response.headers).toMatchObject({
        "content-type": "application/x-nix-nar",
        "content-length": String(expected.length),
      });
    }
  });

  it("promises no ranges, and gives the whole to who asks for one", async () => {
    await using app = makeTestApp(nix);

    const response = await app.inject({
      url: `/nar/${hashPartOf(nix.leaf)}.nar`,
      headers: { range: "bytes=8-" },
    });

    expect(response.statusCode).toBe(200);
    expect(response.headers["accept-ranges"]).toBeUndefined();
    expect(response.rawPayload.length).toBe(Number(response.headers["content-length"]));
  });

  it("answers HEAD with the size, however large, and no body", async () => {
    await using app = makeTestApp(nix);

    const response = await app.inject({ method: "HEAD", url: `/nar/${hashPartOf(nix.large)}.nar` });

    expect([response.statusCode, response.body]).toEqual([200, ""]);
    expect(response.headers["content-type"]).toBe("application/x-nix-nar");
    expect(response.headers["content-length"]).toBe(nix.run("nix-store", "-q", "--size", nix.large)[0]);
  });

  it("answers 404 when the NAR hash is that of another path", async () => {
    await using app = makeTestApp(nix);
    const hashPart = hashPartOf(nix.leaf);
    const urls = [`/nar/${hashPart}-${narHash}.nar`, `/nar/${narHash}.nar?hash=${hashPart}`];

    const responses = await Promise.all(urls.map((url) => app.inject(url)));

    expect(responses.map((response) => response.statusCode)).toEqual([404, 404]);
  });

  it("answers 404 for a path that may not be served", async () => {
    await using app = makeTestApp(nix, { lookUp: () => undefined });

    expect((await app.inject(`/nar/${hashPartOf(nix.leaf)}.nar`)).statusCode).toBe(404);
  });

  it("answers 404 when a valid path is gone from the disk", async () => {
    await using app = makeTestApp(nix, { realStoreDir: join(nix.root, "etc") });
    const url = `/nar/${hashPartOf(nix.leaf)}.nar`;

    const responses = await Promise.all([app.inject(url), app.inject({ method: "HEAD", url })]);

    expect(responses.map((response) => [response.statusCode, response.headers["content-type"]])).toEqual([
      [404, "text/plain; charset=utf-8"],
      [404, "text/plain; charset=utf-8"],
    ]);
  });

  it("answers 404 when it finds at once that the files are not what the database says", async () => {
    using storeDb = openStoreDb(nix);
    const info = storeDb.pathInfo(nix.tree);
    await using app = makeTestApp(nix, { lookUp: () => info && { ...info, narSize: 8 } });

    const response = await app.inject(`/nar/${hashPartOf(nix.tree)}.nar`);

    expect([response.statusCode, response.body]).toEqual([404, "not found\n"]);
  });

  it("reads the files of a chroot store where they are", async () => {
    await using app = makeTestApp(nix, { realStoreDir: join(nix.root, "moved") });
    renameSync(nix.storeDir, join(nix.root, "moved"));

    const response = await app.inject(`/nar/${hashPartOf(nix.leaf)}.nar`);

    renameSync(join(nix.root, "moved"), nix.storeDir);
    expect([response.statusCode, response.rawPayload.includes("leaf\n")]).toEqual([200, true]);
  });
});
