import { fastify } from "fastify";
import { describe, expect, it } from "vitest";

import { KEY_1, KEY_2 } from "../../test/fixtures.ts";
import { indexPage } from "./index-page.ts";

const sign = (): Uint8Array => new Uint8Array(64);
const KEYS = [KEY_1, KEY_2].map((key) => ({ name: "unused", publicKey: key.public, sign }));

describe("GET /", () => {
  it("gives what goes into nix.conf and a NixOS configuration, under the address that the visitor used", async () => {
    await using app = fastify().register(indexPage, { storeDir: "/nix/store", keys: KEYS });

    const response = await app.inject({ url: "/", headers: { host: "cache.lan:5000" } });

    expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(response.body).toBe(`Nix binary cache

Store directory: /nix/store
Public keys:     ${KEY_1.public}
                 ${KEY_2.public}

nix.conf:

  extra-substituters = http://cache.lan:5000
  extra-trusted-public-keys = ${KEY_1.public} ${KEY_2.public}
  connect-timeout = 5
  download-attempts = 2
  fallback = true

NixOS:

  nix.settings = {
    substituters = [ "http://cache.lan:5000" ];
    trusted-public-keys = [ "${KEY_1.public}" "${KEY_2.public}" ];
    connect-timeout = 5;
    download-attempts = 2;
    fallback = true;
  };
`);
  });

  it("says so when there is no key", async () => {
    await using app = fastify().register(indexPage, { storeDir: "/nix/store", keys: [] });

    const { body } = await app.inject({ url: "/", headers: { host: "[fe80::1]:5000" } });

    expect(body).toContain("none; the paths have their builders' signatures");
    expect(body).toContain('substituters = [ "http://[fe80::1]:5000" ];');
    expect(body).not.toContain("trusted-public-keys");
  });

  it.each(['x";evil=[', "x y", "<script>", "x".repeat(300)])("does not repeat the host %j", async (host) => {
    await using app = fastify().register(indexPage, { storeDir: "/nix/store", keys: KEYS });

    const { body } = await app.inject({ url: "/", headers: { host } });

    expect(body).toContain("extra-substituters = http://this-cache\n");
  });
});
