import { existsSync, lstatSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KEY_1, KEY_2 } from "./fixtures.ts";
import { makePopulatedStore, type PopulatedStore } from "./populated-store.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let nix: PopulatedStore;
let keyFile: string;

beforeAll(() => {
  nix = makePopulatedStore();
  keyFile = join(nix.root, "key-2");
  writeFileSync(keyFile, KEY_2.secret);
});

afterAll(() => nix[Symbol.dispose]());

describe("a real Nix client with an empty store that requires signatures", () => {
  it("downloads a closure, trusting the server's key alone", async () => {
    await using server = await startTestServer(nix, { cacheServer: { signingKeyFiles: [keyFile] } });
    const client = makeClient("trusting");

    await copy(server, client, KEY_2.public);

    expect(readFileSync(client.real(`${nix.tree}/share/self`), "utf8")).toBe(`${nix.leaf} ${nix.tree}\n`);
    expect(readlinkSync(client.real(`${nix.tree}/share/link`))).toBe("../bin/run");
    expect(lstatSync(client.real(`${nix.tree}/bin/run`)).mode & 0o111).toBe(0o111);
    const trust = ["--trusted-public-keys", KEY_2.public];
    await nix.runAsync("nix", "store", "verify", "--recursive", "--store", client.store, ...trust, nix.tree);
  });

  it("downloads a large path", async () => {
    await using server = await startTestServer(nix, { cacheServer: { signingKeyFiles: [keyFile] } });
    const client = makeClient("large");

    await copy(server, client, KEY_2.public, nix.large);

    expect(lstatSync(client.real(`${nix.large}/a-large`)).size).toBe(64 * 1024 * 1024);
  });

  it("trusts the builder's stored signatures where the server has no key", async () => {
    await using server = await startTestServer(nix);
    const client = makeClient("stored");

    await copy(server, client, KEY_1.public);

    expect(existsSync(client.real(nix.tree))).toBe(true);
  });

  it("refuses everything without a trusted key", async () => {
    await using server = await startTestServer(nix, { cacheServer: { signingKeyFiles: [keyFile] } });
    const client = makeClient("suspicious");

    await expect(copy(server, client, "")).rejects.toThrow("lacks a valid signature");
    expect(existsSync(client.real(nix.tree))).toBe(false);
  });

  it("needs no signature for a path addressed by its content", async () => {
    await using server = await startTestServer(nix);
    const client = makeClient("content-addressed");

    await copy(server, client, "", nix.text);

    expect(readFileSync(client.real(nix.text), "utf8")).toBe("abc");
  });

  it("is told of what the server does not have", async () => {
    await using server = await startTestServer(nix);
    const absent = join(nix.storeDir, "00000000000000000000000000000000-absent");

    const asking = nix.runAsync("nix", "path-info", "--store", urlOf(server), absent);

    await expect(asking).rejects.toThrow("is not valid");
  });
});

interface Client {
  readonly store: string;
  /** Where a store path of the client is on disk. */
  readonly real: (path: string) => string;
}

function makeClient(name: string): Client {
  const root = join(nix.root, name);
  return {
    store: `local?root=${root}&store=${nix.storeDir}`,
    real: (path) => path.replace(nix.storeDir, join(root, "nix/store")),
  };
}

/** A cache of another store directory than /nix/store has to be told so. */
function urlOf(server: TestServer): string {
  return `${server.address}?store=${nix.storeDir}`;
}

async function copy(server: TestServer, client: Client, publicKeys: string, path = nix.tree): Promise<void> {
  const trust = ["--option", "require-sigs", "true", "--option", "trusted-public-keys", publicKeys];
  await nix.runAsync("nix", "copy", "--from", urlOf(server), "--to", client.store, ...trust, path);
}
