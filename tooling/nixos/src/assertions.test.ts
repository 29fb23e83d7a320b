import { describe, expect, it } from "vitest";

import { COMPLETE, evaluateModules, listFailures } from "./support/evaluate.ts";

const builder = (options: string): string => `{ services.nix-cache-builder = { ${options} }; }`;
const force = (options: string): string => `{ lib, ... }: { services.nix-cache-builder = { ${options} }; }`;

describe("the assertions", () => {
  it("say of a builder without a repository and hosts what to write, with an example", async () => {
    const failures = await evaluateModules<readonly string[]>([builder("enable = true;")], "it.failed");

    expect(failures).toEqual([
      expect.stringContaining(
        "services.nix-cache-builder.flakeRepo is not set. Name the repository of your flake, as in\n" +
          '  services.nix-cache-builder.flakeRepo = "git@github.com:you/nixos-config.git";',
      ),
      expect.stringContaining('services.nix-cache-builder.hosts = [ "desktop" "laptop" ];'),
    ]);
  });

  it("pass what is complete", async () => {
    const failures = await listFailures();

    expect(failures).toEqual([]);
  });

  it.each([
    [
      "a host that leads out of its directory",
      'hosts = lib.mkForce [ "a" "../b" ];',
      '"../b" cannot be built',
    ],
    ["every host beside one", 'hosts = lib.mkForce [ "*" "a" ];', '"*" cannot be built'],
    ["a host twice", 'hosts = lib.mkForce [ "a" "a" ];', "names a host twice"],
    ["generations below none", "keepGenerations = -1;", "keepGenerations is -1"],
    ["a size below none", "maxCacheSize = -200;", "maxCacheSize is -200"],
    ["memory below none", "resources.evalMemoryMax = -1;", "resources.evalMemoryMax is -1"],
    ["a priority below 0", "cacheServer.priority = -1;", "cacheServer.priority is -1"],
    ["a time that is none", 'buildTime = "2 am";', 'buildTime is "2 am"'],
    ["a day beside daily", 'buildTime = "Sun 02:00";', "no time to run daily at"],
    ["a calendar as the time", 'buildTime = "*-*-* 02:00:00";', "goes into buildSchedule instead"],
    ["a directory that is not absolute", 'cacheDir = "builds";', "cacheDir is"],
    ["a directory that needs quotes", 'stateDir = "/var/lib/my builds";', "stateDir is"],
    ["a line break in a secret's path", 'sshKeyFile = "/run/key\\nUser=root";', "sshKeyFile is"],
    ["a checkout that holds the state", 'flakePath = "/var/lib/nix-cache-builder";', "which holds"],
    ["a checkout at the top", 'flakePath = "/flake";', "beside which the builder would have to write"],
    ["a key in the store", 'signingKeyFile = "/nix/store/abc-key";', "where everybody can read it"],
    [
      "a server's key in the store",
      'cacheServer.signingKeyFiles = [ "/nix/store/abc" ];',
      "signingKeyFiles is /nix/store/abc",
    ],
    [
      "a key whose path is no text",
      "sshKeyFile = /. + builtins.storeDir + /abc-key;",
      "Write the path as text",
    ],
    [
      "a state that the services' own /tmp hides",
      'stateDir = "/tmp/cache"; flakePath = "/srv/cache/flake";',
      "stateDir is /tmp/cache, which the services cannot see",
    ],
    ["links that /var/tmp hides", 'cacheDir = "/var/tmp/builds";', "cacheDir is /var/tmp/builds, which"],
    ["a checkout that /tmp hides", 'flakePath = "/tmp/cache/flake";', "flakePath is /tmp/cache/flake, which"],
    [
      "a repository that /tmp hides",
      'flakeRepo = lib.mkForce "file:///tmp/fleet";',
      "flakeRepo is /tmp/fleet, which",
    ],
    [
      "a further secret that takes another's place",
      'credentials.sshKeyFile = "/run/k";',
      '"sshKeyFile" is no name for a further secret',
    ],
    [
      "a further secret that takes the place of a path",
      'credentials."sshKeyFile.path" = "/run/k";',
      '"sshKeyFile.path" is no name for a further secret',
    ],
    [
      "a further secret whose name is more than one",
      'credentials."a:/etc/shadow" = "/run/k";',
      '"a:/etc/shadow" is no name for a further secret',
    ],
    [
      "a further secret in the store",
      'credentials.a = "/nix/store/abc-key";',
      "credentials.a is /nix/store/abc-key",
    ],
    ["a setting that is an option", "settings.builder.hosts = [ ];", "the option hosts stands for this key"],
    ["a setting with another name", "settings.cacheServer.allow = [ ];", "the option lanRanges stands for"],
    ["a port below 1024", "cacheServer.port = 80;", "cacheServer.socketActivation = true;"],
    ["any port", "cacheServer.port = 0;", "another port at each start"],
    ["an address that is none", 'cacheServer.host = "cache.lan";', 'cacheServer.host is "cache.lan"'],
    ["a socket where it may make none", 'cacheServer.host = "unix:/tmp/cache";', "no right to make a socket"],
    ["a range that is none", 'lanRanges = [ "192.168.0.0/33" ];', '"192.168.0.0/33" is no range'],
    ["a range with more to it", 'lanRanges = [ "10.0.0.0/8; reboot" ];', "is no range of addresses"],
    ["the world", 'lanRanges = [ "0.0.0.0/0" "::/0" ];', '"0.0.0.0/0", "::/0" reaches beyond any LAN'],
    ["half of the world", 'lanRanges = [ "0.0.0.0/1" ];', "never opened to the world"],
  ])("refuse %s", async (_what, options, message) => {
    const failures = await listFailures(force(options));

    expect(failures).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ["a password", "https://me:s3cret@example.org/f.git", "", "flakeRepo has a password or a token"],
    ["a token as the user", "https://s3cret@example.org/f.git", "", "flakeRepo has a password or a token"],
    ["a token in capitals", "HTTPS://s3cret@example.org/f.git", "", "flakeRepo has a password or a token"],
    [
      "a token for another way",
      "git+https://s3cret@example.org/f",
      "",
      "flakeRepo has a password or a token",
    ],
    [
      "a password beside a file",
      "https://me:s3cret@example.org/f.git",
      'repoTokenFile = "/run/t";',
      "flakeRepo has a password or a token",
    ],
    [
      "access tokens",
      "https://example.org/f.git",
      'settings.nix.settings.access-tokens = "github.com=s3cret";',
      'accessTokensFile = "/run/secrets/access-tokens";',
    ],
    [
      "more access tokens",
      "https://example.org/f.git",
      'settings.nix.settings.extra-access-tokens = "github.com=s3cret";',
      'accessTokensFile = "/run/secrets/access-tokens";',
    ],
  ])(
    "refuse %s before it is in the store, and do not repeat it",
    async (_what, address, options, message) => {
      const failures = await listFailures(force(`flakeRepo = lib.mkForce "${address}"; ${options}`));

      expect(failures).toEqual([expect.stringContaining(message)]);
      expect(failures.join("\n")).not.toContain("s3cret");
    },
  );

  it.each([
    [
      "a user name beside the file of its token",
      'flakeRepo = lib.mkForce "https://deploy@example.org/f.git"; repoTokenFile = "/run/secrets/token";',
    ],
    ["an @ in the path of an address", 'flakeRepo = lib.mkForce "https://example.org:8443/@a/b:c@d.git";'],
    ["the user of ssh", 'flakeRepo = lib.mkForce "ssh://git@example.org/f.git";'],
    ["a further secret", 'credentials.secrets-key = "/run/secrets/secrets-key";'],
    ["a port below 1024 of systemd's", "cacheServer = { port = 80; socketActivation = true; };"],
    ["no limits", "keepGenerations = 0; maxCacheSize = 0;"],
    ["every host", 'hosts = lib.mkForce [ "*" ];'],
    ["weekly at a time alone", 'buildSchedule = "weekly"; buildTime = "2:00";'],
    ["a calendar", 'buildSchedule = "Mon..Fri *-*-* 01:30:00";'],
    ["other networks", 'lanRanges = [ "10.0.0.0/8" "fd12:3456:789a::/48" "172.16.1.5" ];'],
    ["a port of a server that is off", "cacheServer = { enable = false; port = 80; };"],
    ["a socket that it may make", 'cacheServer.host = "unix:/run/nix-cache-server/socket";'],
    ["a checkout in a directory of its own", 'flakePath = "/srv/nix-cache/flake";'],
  ])("pass %s", async (_what, options) => {
    const failures = await listFailures(force(options));

    expect(failures).toEqual([]);
  });

  it.each([
    [
      "opens the port to everybody",
      "networking.firewall.allowedTCPPorts = [ 22 5000 ];",
      "opens port 5000 to everybody",
    ],
    [
      "opens the port to everybody, in a range",
      "networking.firewall.allowedTCPPortRanges = [ { from = 4000; to = 6000; } ];",
      "opens port 5000 to everybody",
    ],
    [
      "trusts the builder",
      'nix.settings.trusted-users = [ "root" "nix-cache-builder" ];',
      "trusted-users has nix-cache-builder",
    ],
    [
      "trusts a group of the builder's",
      '{ nix.settings.trusted-users = [ "@wheel" ]; users.users.nix-cache-builder.extraGroups = [ "wheel" ]; }',
      "trusted-users has @wheel",
    ],
    [
      "trusts the builder besides others",
      'nix.settings.extra-trusted-users = "alice nix-cache-builder";',
      "trusted-users has nix-cache-builder",
    ],
    [
      "trusts a group that counts the builder in",
      '{ nix.settings.trusted-users = [ "@wheel" ]; users.groups.wheel.members = [ "nix-cache-builder" ]; }',
      "trusted-users has @wheel",
    ],
    [
      "runs nix-serve on the same port",
      "services.nix-serve.enable = true;",
      "services.nix-serve listens on port 5000, too",
    ],
    [
      "runs harmonia on the same port",
      "services.harmonia.cache.enable = true;",
      "services.harmonia listens on port 5000, too",
    ],
    [
      "runs an older harmonia on the same port",
      'services.harmonia = { enable = true; settings.bind = "0.0.0.0:5000"; };',
      "services.harmonia listens on port 5000, too",
    ],
    ["has no Nix", "nix.enable = false;", "needs Nix on this machine"],
  ])("refuse a machine that %s", async (_what, options, message) => {
    const failures = await listFailures(options.startsWith("{") ? options : `{ ${options} }`);

    expect(failures).toEqual([expect.stringContaining(message)]);
  });

  it("pass other caches on other ports", async () => {
    const failures = await listFailures(
      '{ services.nix-serve = { enable = true; port = 5001; }; services.harmonia.settings.bind = "[::]:5002"; }',
    );

    expect(failures).toEqual([]);
  });
});

describe("the warnings", () => {
  it.each([
    ["no firewall", "networking.firewall.enable = false;", "networking.firewall is off"],
    [
      "a machine that trusts everybody",
      'nix.settings.trusted-users = [ "*" ];',
      'nix.settings.trusted-users is "*"',
    ],
    [
      "a machine that trusts everybody besides others",
      'nix.settings.extra-trusted-users = [ "*" ];',
      'nix.settings.trusted-users is "*"',
    ],
    [
      "a time beside a calendar",
      'services.nix-cache-builder = { buildSchedule = "hourly"; buildTime = "03:00"; };',
      "buildTime does nothing",
    ],
  ])("tell of %s", async (_what, options, message) => {
    const warnings = await evaluateModules<readonly string[]>(
      [builder(COMPLETE), `{ ${options} }`],
      "it.config.warnings",
    );

    expect(warnings).toEqual([expect.stringContaining(message)]);
  });

  it("are none for what is complete", async () => {
    const warnings = await evaluateModules([builder(COMPLETE)], "it.config.warnings");

    expect(warnings).toEqual([]);
  });
});
