import { describe, expect, it } from "vitest";

import { COMPLETE, evaluateModules } from "./support/evaluate.ts";

/** The configuration that the original's README shows, and the line that names its repository. */
const ORIGINAL = `{
  enable = true;
  flakeRepo = "git@github.com:sbulav/dotnix.git";
  hosts = [ "nz" "zanoza" "mz" "beez" ];
  cacheServer.enable = true;
}`;

const OPTION_PATHS = ["services.nix-cache-builder", "custom.services.nix-cache-builder"];

describe.each(OPTION_PATHS)("the builder module by way of %s", (path) => {
  it("takes the configuration of the original's README", async () => {
    const found = await evaluateModules(
      [`{ ${path} = ${ORIGINAL}; }`],
      `{
        inherit (it) failed;
        inherit (it.config.services.nix-cache-builder) hosts;
        units = builtins.attrNames it.config.systemd.services ++ builtins.attrNames it.config.systemd.timers;
      }`,
    );

    expect(found).toEqual({
      failed: [],
      hosts: ["nz", "zanoza", "mz", "beez"],
      units: [
        "nix-cache-builder",
        "nix-cache-builder-prune",
        "nix-cache-builder-sync",
        "nix-cache-server",
        "nix-daemon",
        "nix-cache-builder",
        "nix-cache-builder-prune",
      ],
    });
  });

  it("can be read by another module by way of both", async () => {
    const found = await evaluateModules(
      [`{ ${path} = { ${COMPLETE} cacheServer.port = 5001; }; }`],
      OPTION_PATHS.map((read) => `it.config.${read}.cacheServer.port`).reduce(
        (all, one) => `[ (${all}) (${one}) ]`,
      ),
    );

    expect(found).toEqual([5001, 5001]);
  });

  it("lets conditions and priorities of single options through", async () => {
    const found = await evaluateModules(
      [
        `{ services.nix-cache-builder = { ${COMPLETE} keepGenerations = 5; maxCacheSize = 100; }; }`,
        `{ lib, ... }: {
          ${path} = {
            keepGenerations = lib.mkForce 9;
            maxCacheSize = lib.mkDefault 1;
            flakeBranch = lib.mkIf true "next";
            updateFlake = lib.mkIf false false;
            cacheServer.priority = lib.mkMerge [ (lib.mkDefault 10) (lib.mkIf true 20) ];
          };
        }`,
      ],
      "{ inherit (it.config.services.nix-cache-builder) keepGenerations maxCacheSize flakeBranch updateFlake; " +
        "inherit (it.config.services.nix-cache-builder.cacheServer) priority; }",
    );

    expect(found).toEqual({
      keepGenerations: 9,
      maxCacheSize: 100,
      flakeBranch: "next",
      updateFlake: true,
      priority: 20,
    });
  });

  it("lets conditions and priorities of the whole through", async () => {
    const found = await evaluateModules(
      [
        `{ lib, ... }: { ${path} = lib.mkIf false { enable = true; }; }`,
        `{ lib, ... }: { ${path} = lib.mkMerge [ { hosts = [ "a" ]; } (lib.mkIf true { hosts = [ "b" ]; }) ]; }`,
      ],
      "{ inherit (it.config.services.nix-cache-builder) enable; hosts = builtins.sort builtins.lessThan it.config.services.nix-cache-builder.hosts; }",
    );

    expect(found).toEqual({ enable: false, hosts: ["a", "b"] });
  });

  it("refuses an option that there is not, with its name", async () => {
    const unknown = evaluateModules(
      [`{ ${path} = { ${COMPLETE} keepGeneration = 5; }; }`],
      "it.config.systemd",
    );

    await expect(unknown).rejects.toThrow("services.nix-cache-builder.keepGeneration' does not exist");
  });
});

describe("the builder module", () => {
  it("changes nothing on a machine where it is off", async () => {
    const found = await evaluateModules(
      ["{ }"],
      "{ inherit (it.config) environment nix systemd users warnings assertions; inherit (it.config.networking) firewall; }",
    );

    expect(found).toEqual({
      assertions: [],
      environment: { etc: {}, systemPackages: [] },
      firewall: {
        allowedTCPPortRanges: [],
        allowedTCPPorts: [],
        enable: true,
        extraCommands: "",
        extraInputRules: "",
      },
      nix: { enable: true, package: expect.any(String), settings: {} },
      systemd: { services: {}, sockets: {}, timers: {}, tmpfiles: { rules: [] } },
      users: { groups: {}, users: {} },
      warnings: [],
    });
  });

  it("leaves to the machine who is trusted, and what its users may do", async () => {
    const settings = await evaluateModules(
      [
        `{ services.nix-cache-builder = { ${COMPLETE} }; }`,
        '{ nix.settings = { allowed-users = [ "root" "alice" ]; experimental-features = "nix-command flakes"; fallback = false; }; }',
      ],
      "it.config.nix.settings",
    );

    expect(settings).toEqual({
      "allowed-users": ["root", "alice"],
      "experimental-features": "nix-command flakes",
      "extra-allowed-users": ["nix-cache-builder"],
      fallback: false,
    });
  });

  it("starts no server where that is off, opens no port and puts no program of it on PATH", async () => {
    const found = await evaluateModules(
      [`{ services.nix-cache-builder = { ${COMPLETE} cacheServer.enable = false; }; }`],
      `{
        units = builtins.attrNames it.config.systemd.services;
        rules = it.config.networking.firewall.extraCommands;
        packages = builtins.length it.config.environment.systemPackages;
      }`,
    );

    expect(found).toEqual({
      units: ["nix-cache-builder", "nix-cache-builder-prune", "nix-cache-builder-sync", "nix-daemon"],
      rules: "",
      packages: 1,
    });
  });

  it("limits the builder and the Nix daemon, each by its own options", async () => {
    const found = await evaluateModules(
      [
        `{ services.nix-cache-builder = {
          ${COMPLETE}
          resources = { cpuQuota = "100%"; memoryHigh = "8G"; memoryMax = "10G"; ioWeight = 50; nice = 10; };
          daemonResources = { cpuQuota = "250%"; memoryMax = "20G"; };
        }; }`,
      ],
      `builtins.mapAttrs (_: unit: builtins.intersectAttrs
        { CPUQuota = 0; MemoryHigh = 0; MemoryMax = 0; IOWeight = 0; Nice = 0; OOMPolicy = 0; } unit.serviceConfig
      ) it.config.systemd.services`,
    );

    expect(found).toEqual({
      "nix-cache-builder": {
        CPUQuota: "100%",
        IOWeight: 50,
        MemoryHigh: "8G",
        MemoryMax: "10G",
        Nice: 10,
        OOMPolicy: "continue",
      },
      "nix-cache-builder-prune": { Nice: 19 },
      "nix-cache-builder-sync": {},
      "nix-cache-server": {},
      "nix-daemon": { CPUQuota: "250%", MemoryMax: "20G", OOMPolicy: "continue" },
    });
  });

  it("has the builder's services know the machine's proxy, its authorities, and a shell for ssh", async () => {
    const found = await evaluateModules(
      [
        `{ services.nix-cache-builder = { ${COMPLETE} }; }`,
        '{ networking.proxy.envVars = { https_proxy = "http://proxy.lan:3128"; no_proxy = "localhost"; }; }',
      ],
      "builtins.mapAttrs (_: unit: unit.environment) it.config.systemd.services",
    );

    const certificates = "/etc/ssl/certs/ca-certificates.crt";
    const ours = {
      CURL_CA_BUNDLE: certificates,
      GIT_SSL_CAINFO: certificates,
      NODE_EXTRA_CA_CERTS: certificates,
      SHELL: "/bin/sh",
      https_proxy: "http://proxy.lan:3128",
      no_proxy: "localhost",
    };
    expect(found).toEqual({
      "nix-cache-builder": ours,
      "nix-cache-builder-prune": ours,
      "nix-cache-builder-sync": ours,
      "nix-cache-server": {},
      "nix-daemon": {},
    });
  });

  it("starts the server anew when what it has read changes, and for nothing else", async () => {
    const triggersOf = (options: string): Promise<readonly string[]> =>
      evaluateModules(
        [`{ services.nix-cache-builder = { ${COMPLETE} ${options} }; }`],
        "it.config.systemd.services.nix-cache-server.restartTriggers",
      );
    const before = await triggersOf("");

    expect(await triggersOf('keepGenerations = 9; updateFlake = false; buildTime = "03:00";')).toEqual(
      before,
    );
    expect(await triggersOf("cacheServer.priority = 30;")).not.toEqual(before);
    expect(await triggersOf('settings.cacheServer.serve = "store";')).not.toEqual(before);
    expect(await triggersOf('settings.nix.stateDir = "/srv/var";')).not.toEqual(before);
    expect(await triggersOf('stateDir = "/srv/cache"; flakePath = "/srv/cache/flake";')).not.toEqual(before);
  });

  it("gives git-lfs to a builder that fetches with it", async () => {
    const path = await evaluateModules<readonly string[]>(
      [
        `{ services.nix-cache-builder = { ${COMPLETE} settings.builder = { lfs = true; gitEngine = "git"; }; }; }`,
      ],
      "it.config.systemd.services.nix-cache-builder-sync.path",
    );

    expect(path).toContainEqual(expect.stringMatching(/-git-lfs$/));
  });

  it("keeps the name nix-serve.service for nix-serve where that runs, too", async () => {
    const aliases = await evaluateModules(
      [
        `{ services.nix-cache-builder = { ${COMPLETE} cacheServer.port = 5001; }; }`,
        "{ services.nix-serve.enable = true; }",
      ],
      "it.config.systemd.services.nix-cache-server.aliases",
    );

    expect(aliases).toEqual([]);
  });
});
