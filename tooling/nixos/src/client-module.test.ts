import { describe, expect, it } from "vitest";

import { evaluateModules } from "./support/evaluate.ts";

const KEY = "beez.sbulav.ru-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

const withServers = (servers: string): string => `{ system.nix.cache-servers = [ ${servers} ]; }`;

const listFailures = (servers: string): Promise<readonly string[]> =>
  evaluateModules([withServers(servers)], "it.failed");

describe("the client module", () => {
  it("takes the configuration of the original's README", async () => {
    const found = await evaluateModules(
      [withServers(`{ url = "http://beez.sbulav.ru:5000"; key = "${KEY}"; priority = 40; }`)],
      "{ inherit (it) failed; inherit (it.config.nix) settings; }",
    );

    expect(found).toEqual({
      failed: [],
      settings: {
        "connect-timeout": 5,
        "download-attempts": 2,
        fallback: true,
        substituters: ["http://beez.sbulav.ru:5000?priority=40"],
        "trusted-public-keys": [KEY],
      },
    });
  });

  it("changes nothing without a cache", async () => {
    const settings = await evaluateModules([withServers("")], "it.config.nix.settings");

    expect(settings).toEqual({});
  });

  it("leaves what the machine says of timeouts and fallback", async () => {
    const settings = await evaluateModules(
      [
        withServers(`{ url = "http://cache.lan:5000"; key = "${KEY}"; }`),
        "{ nix.settings = { connect-timeout = 2; download-attempts = 9; fallback = false; }; }",
      ],
      "{ inherit (it.config.nix.settings) connect-timeout download-attempts fallback; }",
    );

    expect(settings).toEqual({ "connect-timeout": 2, "download-attempts": 9, fallback: false });
  });

  it.each([
    ["without a priority", "", "http://cache.lan:5000"],
    ["with one", "priority = 30;", "http://cache.lan:5000?priority=30"],
    [
      "with parameters and none",
      'url = "https://cache.lan/a?compression=none";',
      "https://cache.lan/a?compression=none",
    ],
    [
      "with parameters and one",
      'url = "https://cache.lan/a?compression=none"; priority = 0;',
      "https://cache.lan/a?compression=none&priority=0",
    ],
  ])("writes the address of a cache %s", async (_what, options, substituter) => {
    const substituters = await evaluateModules(
      [withServers(`({ url = "http://cache.lan:5000"; key = "${KEY}"; } // { ${options} })`)],
      "it.config.nix.settings.substituters",
    );

    expect(substituters).toEqual([substituter]);
  });

  it("trusts both keys of a cache that moves from one to the other", async () => {
    const other = KEY.replace("-1:", "-2:");
    const keys = await evaluateModules(
      [withServers(`{ url = "http://cache.lan:5000"; key = [ "${KEY}" "${other}" ]; }`)],
      "it.config.nix.settings.trusted-public-keys",
    );

    expect(keys).toEqual([KEY, other]);
  });

  it.each([
    ["an address without a scheme", "cache.lan:5000"],
    ["another scheme", "ssh://cache.lan"],
    ["no host", "http:///nix"],
    ["a space", "http://cache.lan:5000 https://other.lan"],
    ["a fragment", "http://cache.lan:5000#here"],
  ])("refuses %s", async (_what, url) => {
    const failures = await listFailures(`{ url = "${url}"; key = "${KEY}"; }`);

    expect(failures).toEqual([expect.stringContaining("is not the address of a cache")]);
  });

  it.each([
    ["no name", KEY.slice(KEY.indexOf(":"))],
    ["no key", "beez.sbulav.ru-1"],
    ["a short key", KEY.replace("6NCH", "")],
    ["bits left over", KEY.replace("jY=", "jZ=")],
    ["a secret key", `cache.lan-1:${"A".repeat(86)}==`],
    ["two in one", `${KEY} ${KEY}`],
  ])("refuses a key with %s, and does not repeat it", async (_what, key) => {
    const [failure, ...others] = await listFailures(`{ url = "http://cache.lan:5000"; key = "${key}"; }`);

    expect(failure).toContain("http://cache.lan:5000 has a key that is not a public key of Nix");
    expect(failure).not.toContain(key);
    expect(others).toEqual([]);
  });

  it.each([
    ["a priority below 0", `key = "${KEY}"; priority = -1;`, "below 0"],
    ["no key at all", "key = [ ];", "has no key"],
  ])("refuses %s", async (_what, options, message) => {
    const failures = await listFailures(`{ url = "http://cache.lan:5000"; ${options} }`);

    expect(failures).toEqual([expect.stringContaining(message)]);
  });
});
