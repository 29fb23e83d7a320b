import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ConfigError } from "./errors.ts";
import { parseConfig } from "./parse.ts";

const MINIMAL = { flakeRepo: "/srv/flake", hosts: ["nz"] };

function parse(value: unknown): ReturnType<typeof parseConfig> {
  return parseConfig(JSON.stringify(value), { format: "json" });
}

function problemsOf(value: unknown): readonly string[] {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, message }) => `${key}: ${message}`);
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  it("fills in the original's defaults when only the repository and the hosts are given", () => {
    const { builder, cacheServer, nix } = parse({ builder: MINIMAL });

    expect(builder).toEqual({
      ...MINIMAL,
      flakePath: "/var/lib/nix-cache-builder/flake",
      flakeBranch: "main",
      updateFlake: true,
      cacheDir: "/var/cache/nix-builds",
      stateDir: "/var/lib/nix-cache-builder",
      rootsDir: "/nix/var/nix/gcroots/nix-cache-builder",
      maxCacheSize: 200,
      keepGenerations: 3,
      minFreeSpace: 0,
      graceHours: 24,
      removedHostDays: 7,
      collect: "targeted",
      collectGraceMinutes: 60,
      keepRuns: 365,
      fallbackRootsDir: "/var/lib/nix-cache-builder/gcroots",
      signingKeyFile: "/run/secrets/nix-cache-priv-key",
      sshKeyFile: "/root/.ssh/id_ed25519",
      sshKnownHostsFile: "/var/lib/nix-cache-builder/known_hosts",
      gitEngine: "isomorphic",
      submodules: false,
      lfs: false,
      evalMemory: 0,
      buildSchedule: "daily",
      buildTime: "02:00",
    });
    expect(cacheServer).toEqual({
      enable: true,
      host: "::",
      port: 5000,
      socketActivation: false,
      priority: 40,
      allow: ["192.168.0.0/16", "127.0.0.0/8", "::1/128"],
      signingKeyFiles: ["/run/secrets/nix-cache-priv-key"],
      serve: "published",
    });
    expect(nix).toEqual({
      storeDir: "/nix/store",
      stateDir: "/nix/var/nix",
      realStoreDir: "/nix/store",
      logDir: "/nix/var/log/nix",
      settings: {},
    });
  });

  it("serves the whole store with stored signatures alone where there is no builder", () => {
    const { builder, cacheServer } = parse({ cacheServer: { port: 5001 } });

    expect(builder).toBeUndefined();
    expect(cacheServer).toMatchObject({ port: 5001, signingKeyFiles: [], serve: "store" });
  });

  it("puts the roots below another stateDir and the files below another storeDir", () => {
    const config = parse({ nix: { storeDir: "/s/store", stateDir: "/s/var" }, builder: MINIMAL });

    expect(config.builder?.rootsDir).toBe("/s/var/gcroots/nix-cache-builder");
    expect(config.nix.realStoreDir).toBe("/s/store");
  });

  it("takes trailing slashes off paths, which Nix compares as text", () => {
    const config = parse({ nix: { storeDir: "/s/store/", stateDir: "/" }, builder: MINIMAL });

    expect(config.nix).toMatchObject({ storeDir: "/s/store", realStoreDir: "/s/store", stateDir: "/" });
  });

  it("reads the same configuration from TOML and from JSON", () => {
    const toml =
      '[nix.settings]\nsandbox = false\ncores = 2\n[builder]\nflakeRepo = "/srv/flake"\nhosts = ["nz"]\n';

    const config = parseConfig(toml, { format: "toml" });

    expect(config).toEqual(parse({ nix: { settings: { sandbox: false, cores: 2 } }, builder: MINIMAL }));
    expect(config.nix.settings).toEqual({ sandbox: "false", cores: "2" });
  });

  it("reports every problem together, each with the path of its key", () => {
    const problems = problemsOf({
      nix: { binDir: 1 },
      builder: { hots: [], hosts: ["nz", "../x"], keepGenerations: -1, maxCacheSize: 1.5 },
      cacheServer: { port: "5000", allow: ["lan"] },
    });

    expect(problems).toEqual([
      "nix.binDir: expected an absolute path, found 1",
      expect.stringMatching(/^builder\.flakeRepo: required: expected /),
      expect.stringMatching(/^builder\.hosts\[1\]: expected a host name .*, found "\.\.\/x"$/),
      "builder.maxCacheSize: expected a whole number, 0 or more, found 1.5",
      "builder.keepGenerations: expected a whole number, 0 or more, found -1",
      expect.stringMatching(/^builder\.hots: unknown key; known are flakeRepo, hosts, /),
      'cacheServer.port: expected a port, 0 to 65535, found "5000"',
      expect.stringMatching(/^cacheServer\.allow\[0\]: expected an address range .*, found "lan"$/),
    ]);
  });

  it.each([
    "git@github.com:o/r.git",
    "ssh://git@h:2222/r",
    "https://h/r",
    "http://h/r",
    "file:///r",
    "/r",
    "h:r",
  ])("accepts the repository %s", (flakeRepo) => {
    expect(problemsOf({ builder: { ...MINIMAL, flakeRepo } })).toEqual([]);
  });

  it("keeps the host keys below another stateDir", () => {
    const { builder } = parse({ builder: { ...MINIMAL, stateDir: "/s/state" } });

    expect(builder?.sshKnownHostsFile).toBe("/s/state/known_hosts");
  });

  it("refuses a token for a repository that is not asked for one", () => {
    const token = { repoTokenFile: "/run/secrets/token" };

    expect(problemsOf({ builder: { ...MINIMAL, ...token, flakeRepo: "https://h/r" } })).toEqual([]);
    expect(problemsOf({ builder: { ...MINIMAL, ...token, flakeRepo: "git@h:r" } })).toEqual([
      expect.stringMatching(/^builder\.repoTokenFile: expected a token only beside an https:\/\/ repository/),
    ]);
  });

  it("refuses Git LFS for an engine that has none", () => {
    const lfs = { lfs: true, flakeRepo: "https://h/r" };

    expect(problemsOf({ builder: { ...MINIMAL, ...lfs, gitEngine: "git" } })).toEqual([]);
    expect(problemsOf({ builder: { ...MINIMAL, ...lfs } })).toEqual([
      expect.stringMatching(/^builder\.lfs: expected gitEngine = "git" beside it/),
    ]);
  });

  it.each(["", "./flake", "flake", "-oProxyCommand=x:y", "ftp://h/r", "ext::sh -c x", "git@-h:r", "a b:c"])(
    "refuses the repository %j",
    (flakeRepo) => {
      expect(problemsOf({ builder: { ...MINIMAL, flakeRepo } })).toHaveLength(1);
    },
  );

  it.each(["a..b", "-x", "a b", "x.lock", "@", "a//b", "a~1", "x/", "a\nb"])(
    "refuses the branch %j",
    (flakeBranch) => {
      expect(problemsOf({ builder: { ...MINIMAL, flakeBranch } })).toHaveLength(1);
    },
  );

  it.each([[[]], [["nz", "nz"]], [["*", "nz"]], [[".staging"]], [["a/b"]], [["-x"]], ["nz"]])(
    "refuses the hosts %j",
    (hosts) => {
      expect(problemsOf({ builder: { ...MINIMAL, hosts } })).toHaveLength(1);
    },
  );

  it("accepts every host of the flake, and names with dots", () => {
    expect(problemsOf({ builder: { ...MINIMAL, hosts: ["*"] } })).toEqual([]);
    expect(problemsOf({ builder: { ...MINIMAL, hosts: ["we.b", "_x", "a+b"] } })).toEqual([]);
  });

  it("refuses to serve what is published where nothing publishes", () => {
    expect(problemsOf({ cacheServer: { serve: "published" } })).toEqual([
      expect.stringMatching(/^cacheServer\.serve: expected "store"/),
    ]);
  });

  it("refuses a Nix setting that would start another line", () => {
    expect(problemsOf({ nix: { settings: { cores: "1\nsandbox = false" } } })).toHaveLength(1);
  });

  it("shows neither credentials nor settings in what it refuses", () => {
    const problems = problemsOf({
      nix: { settings: { "access-tokens": "github.com=SECRET\n" } },
      builder: { ...MINIMAL, flakeRepo: "git+https://user:SECRET@github.com/a/b" },
    });

    expect(problems).toHaveLength(2);
    expect(problems.join("\n")).not.toContain("SECRET");
  });

  it("refuses directories that Nix could not write into a reference", () => {
    expect(problemsOf({ nix: { storeDir: "/a b" }, builder: { ...MINIMAL, stateDir: "/c d" } })).toHaveLength(
      2,
    );
  });

  it("says where text is not TOML", () => {
    const parseBroken = () => parseConfig("[builder\n", { format: "toml" });

    expect(parseBroken).toThrow(/^expected TOML at line 1, column /);
    expect(parseBroken).toThrow(expect.objectContaining({ code: "ERR_CONFIG_SYNTAX" }));
  });

  it("answers any JSON with a configuration or a ConfigError", () => {
    const section = fc.dictionary(
      fc.constantFrom("hosts", "port", "storeDir", "__proto__", "x"),
      fc.jsonValue(),
    );
    const file = fc.dictionary(fc.constantFrom("nix", "builder", "cacheServer", "constructor"), section);

    fc.assert(
      fc.property(fc.oneof(file, fc.jsonValue()), (value) => {
        expect(problemsOf(value)).toBeInstanceOf(Array);
      }),
    );
  });
});
