import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { parseNarInfo, parsePublicKey, verifyNarInfo } from "@nix-cache/narinfo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KEY_1, KEY_2 } from "../../test/fixtures.ts";
import { hashPartOf, makePopulatedStore, type PopulatedStore } from "../../test/populated-store.ts";
import { makeTestApp } from "../../test/test-app.ts";
import { readSigningKeys, type SigningKey } from "../signer.ts";

let nix: PopulatedStore;
let key2: SigningKey[];

beforeAll(() => {
  nix = makePopulatedStore();
  writeFileSync(join(nix.root, "key-2"), KEY_2.secret);
  key2 = readSigningKeys([join(nix.root, "key-2")]);
});

afterAll(() => nix[Symbol.dispose]());

describe("GET /<hash part>.narinfo", () => {
  it("describes the path as Nix does, signed by the server's key and by the stored one", async () => {
    await using app = makeTestApp(nix, { keys: key2 });

    const response = await app.inject(`/${hashPartOf(nix.tree)}.narinfo`);
    const info = parseNarInfo(response.body, nix);

    const [narHash = "", narSize] = ["--hash", "--size"].map(
      (query) => nix.run("nix-store", "-q", query, nix.tree)[0],
    );
    expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "text/x-nix-narinfo"]);
    expect(info).toMatchObject({
      storePath: nix.tree,
      url: `nar/${hashPartOf(nix.tree)}-${narHash.replace("sha256:", "")}.nar`,
      compression: "none",
      fileHash: narHash,
      fileSize: Number(narSize),
      narHash,
      narSize: Number(narSize),
      references: [nix.leaf, nix.tree].toSorted(),
      deriver: nix.run("nix-store", "-q", "--deriver", nix.tree)[0],
    });
    expect(info.signatures).toHaveLength(2);
    expect(verifyNarInfo(info, [parsePublicKey(KEY_1.public)])).toBe(true);
    expect(verifyNarInfo(info, [parsePublicKey(KEY_2.public)])).toBe(true);
  });

  it("passes the content address of a text on, and has no deriver for it", async () => {
    await using app = makeTestApp(nix);

    const { body } = await app.inject(`/${hashPartOf(nix.text)}.narinfo`);

    expect(body).toMatch(/\nReferences: \nCA: text:sha256:[0-9a-z]{52}\n$/);
  });

  it("answers HEAD with the same headers and no body", async () => {
    await using app = makeTestApp(nix);
    const url = `/${hashPartOf(nix.leaf)}.narinfo`;

    const [get, head] = await Promise.all([app.inject(url), app.inject({ method: "HEAD", url })]);

    expect([head.statusCode, head.body]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(String(get.body.length));
  });

  it("answers 404 for a path that may not be served", async () => {
    await using app = makeTestApp(nix, { lookUp: () => undefined });

    expect((await app.inject(`/${hashPartOf(nix.leaf)}.narinfo`)).statusCode).toBe(404);
  });
});
