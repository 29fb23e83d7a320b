import { parseConfig } from "@nix-cache/config";
import data from "@nix-cache/tooling-systemd/units.json" with { type: "json" };
import { describe, expect, it } from "vitest";

import type { Installation } from "./installation.ts";
import { renderFiles, renderUnits } from "./render-files.ts";
import { UNIT_NAMES, USER_MANAGER_LACKS } from "./unit-data.ts";

const BUILDER = { flakeRepo: "git@example.org:flake.git", hosts: ["nz"] };

const PLACES = { unitDir: "/units", sysusersFile: "/sysusers", tmpfilesFile: "/tmpfiles" };

function installationOf(sections: Readonly<Record<string, unknown>>): Installation {
  return {
    scope: "system",
    config: parseConfig(JSON.stringify(sections), { format: "json" }),
    configFile: "/etc/nix-cache-builder/config.toml",
    commands: { builder: ["/usr/bin/node", "/opt/builder.js"], server: ["/usr/bin/node", "/opt/server.js"] },
    searchPath: ["/nix/bin", "/usr/bin"],
    hasNixUsers: false,
    isNixServeFree: true,
  };
}

/** The lines of a unit that say what hangs on the configuration, and the names of the sections. */
function dynamicLines(text = ""): readonly string[] {
  const fixed = JSON.stringify(data);
  return text
    .split("\n")
    .filter((line) => !/^(?:#|$)/.test(line) && !fixed.includes(`"${line.split("=")[0]}":`));
}

function renderAll(installation: Installation): Readonly<Record<string, string>> {
  return Object.fromEntries(renderFiles(installation, PLACES).map(({ path, text }) => [path, text]));
}

describe("renderUnits", () => {
  it("adds to each unit what hangs on the configuration", () => {
    const units = renderUnits(installationOf({ builder: BUILDER }));

    const added = Object.fromEntries([...units].map(([name, text]) => [name, dynamicLines(text)]));
    const paths = [
      "ReadWritePaths=/var/lib/nix-cache-builder",
      "ReadWritePaths=/var/cache/nix-builds",
      "ReadWritePaths=-/nix/var/nix/gcroots/nix-cache-builder",
    ];
    const environment = ["Environment=PATH=/nix/bin:/usr/bin", "Environment=SHELL=/bin/sh"];
    const start = (command: string): string =>
      `ExecStart=/usr/bin/node /opt/builder.js ${command} --config /etc/nix-cache-builder/config.toml`;
    expect(added).toEqual({
      "nix-cache-builder.service": [
        "[Unit]",
        "[Service]",
        start("run"),
        ...environment,
        ...paths,
        "LoadCredential=signingKeyFile:/run/secrets/nix-cache-priv-key",
        "LoadCredential=sshKeyFile:/root/.ssh/id_ed25519",
        String.raw`SetCredential=signingKeyFile:\n`,
        "SetCredential=signingKeyFile.path:/run/secrets/nix-cache-priv-key",
        String.raw`SetCredential=sshKeyFile:\n`,
        "SetCredential=sshKeyFile.path:/root/.ssh/id_ed25519",
      ],
      "nix-cache-builder-sync.service": [
        "[Unit]",
        "[Service]",
        start("sync"),
        ...environment,
        ...paths,
        "LoadCredential=sshKeyFile:/root/.ssh/id_ed25519",
        String.raw`SetCredential=sshKeyFile:\n`,
        "SetCredential=sshKeyFile.path:/root/.ssh/id_ed25519",
      ],
      "nix-cache-builder-prune.service": ["[Unit]", "[Service]", start("prune"), ...environment, ...paths],
      "nix-cache-builder.timer": ["[Unit]", "[Timer]", "[Install]"],
      "nix-cache-builder-prune.timer": ["[Unit]", "[Timer]", "[Install]"],
      "nix-cache-server.service": [
        "[Unit]",
        "[Service]",
        "ExecStart=/usr/bin/node /opt/server.js --config /etc/nix-cache-builder/config.toml",
        "IPAddressAllow=192.168.0.0/16",
        "IPAddressAllow=127.0.0.0/8",
        "IPAddressAllow=::1/128",
        "LoadCredential=signingKeyFiles.0:/run/secrets/nix-cache-priv-key",
        String.raw`SetCredential=signingKeyFiles.0:\n`,
        "SetCredential=signingKeyFiles.0.path:/run/secrets/nix-cache-priv-key",
        "[Install]",
        "Alias=nix-serve.service",
      ],
    });
    expect(units.get("nix-cache-builder.timer")).toContain("\nOnCalendar=*-*-* 02:00:00\n");
  });

  it("names the machine's authorities to what fetches, where they are in a file", () => {
    const file = "/etc/ssl/certs/ca-certificates.crt";
    const units = renderUnits({ ...installationOf({ builder: BUILDER }), authoritiesFile: file });

    const having = [...units].filter(([, text]) =>
      text.includes(`\nEnvironment=NODE_EXTRA_CA_CERTS=${file}\n`),
    );
    expect(having.map(([name]) => name)).toEqual([
      "nix-cache-builder.service",
      "nix-cache-builder-sync.service",
      "nix-cache-builder-prune.service",
    ]);
  });

  it("says in each service all that its hardening says, and why a switch is off", () => {
    const units = renderUnits(installationOf({ builder: BUILDER }));

    const lines = (name: (typeof UNIT_NAMES)[number]): readonly string[] =>
      (units.get(name) ?? "").split("\n");
    const expected = Object.entries({ ...data.hardening.shared, ...data.hardening.builder }).flatMap(
      ([key, value]) => [value].flat().map((one) => `${key}=${one}`),
    );
    const reasons = Object.entries(data.off.builder).map(([key, reason]) => `# ${key}: ${reason}`);
    expect(lines("nix-cache-builder.service")).toEqual(expect.arrayContaining([...expected, ...reasons]));
    expect(lines("nix-cache-server.service")).toContain("ProtectHome=true");
  });

  it("writes the path of a secret as systemd reads it in a value, and in data", () => {
    const builder = { ...BUILDER, signingKeyFile: "/etc/keys/100%-key" };
    const units = renderUnits(installationOf({ builder }));

    const lines = (units.get("nix-cache-builder.service") ?? "").split("\n");
    expect(lines).toContain("LoadCredential=signingKeyFile:/etc/keys/100%%-key");
    expect(lines).toContain("SetCredential=signingKeyFile.path:/etc/keys/100%-key");
  });

  it.each([" ", '"', "'", "\\"])("refuses a secret that systemd cannot load: %j in its path", (character) => {
    const builder = { ...BUILDER, signingKeyFile: `/etc/keys/a${character}key` };

    expect(() => renderUnits(installationOf({ builder }))).toThrow(
      `systemd cannot load ${JSON.stringify(builder.signingKeyFile)}: choose a path without blanks`,
    );
  });

  it("has systemd listen, and the server reach no network, with socketActivation", () => {
    const units = renderUnits(installationOf({ cacheServer: { socketActivation: true, port: 80 } }));

    expect([...units.keys()]).toEqual(["nix-cache-server.service", "nix-cache-server.socket"]);
    const service = units.get("nix-cache-server.service");
    expect(service).toMatch(/^Requires=nix-cache-server\.socket$/m);
    expect(service).toMatch(/^After=nix-cache-server\.socket$/m);
    expect(service).toMatch(/^PrivateNetwork=true$/m);
    expect(service).not.toMatch(/^IPAddressAllow|^# PrivateNetwork/m);
    expect(units.get("nix-cache-server.socket")).toMatch(
      /^ListenStream=80\nIPAddressAllow=192\.168\.0\.0\/16$/m,
    );
  });

  it.each([
    ["::", "5000"],
    ["0.0.0.0", "0.0.0.0:5000"],
    ["localhost", "127.0.0.1:5000"],
    ["fd00::1", "[fd00::1]:5000"],
    ["unix:/run/nix-cache/socket", "/run/nix-cache/socket"],
  ])("has systemd listen on %s at %s", (host, stream) => {
    const units = renderUnits(installationOf({ cacheServer: { socketActivation: true, host } }));

    expect(units.get("nix-cache-server.socket")).toContain(`\nListenStream=${stream}\n`);
  });

  it("has a directory made for a unix socket of the server's own", () => {
    const units = renderUnits(installationOf({ cacheServer: { host: "unix:/run/nix-cache/socket" } }));

    expect(units.get("nix-cache-server.service")).toContain("\nRuntimeDirectory=nix-cache\n");
  });

  it("names no nix-serve.service where there is one", () => {
    const units = renderUnits({ ...installationOf({ builder: BUILDER }), isNixServeFree: false });

    expect(units.get("nix-cache-server.service")).not.toContain("Alias=");
  });

  it("gives a user's service manager what it can do, and no unit of the system", () => {
    const units = renderUnits({ ...installationOf({ builder: BUILDER }), scope: "user" });

    const text = [...units.values()].join("\n");
    const directives = new Set(text.match(/^\w+(?==)/gm));
    expect([...USER_MANAGER_LACKS].filter((name) => directives.has(name))).toEqual([]);
    expect(directives).not.toContain("LoadCredential");
    expect(text).not.toMatch(/nix-daemon|network|multi-user/);
    expect(units.get("nix-cache-server.service")).toMatch(/^WantedBy=default\.target$/m);
    expect(units.get("nix-cache-builder.service")).toMatch(/^After=nix-cache-builder-prune\.service$/m);
  });

  it("has a user's service manager give up on the server as little as the system's", () => {
    const units = renderUnits({ ...installationOf({ builder: BUILDER }), scope: "user" });

    expect(units.get("nix-cache-server.service")).toMatch(/^StartLimitIntervalSec=0$/m);
  });
});

describe("renderFiles", () => {
  it("makes the account, and the directories that are its own", () => {
    const { "/sysusers": sysusers, "/tmpfiles": tmpfiles } = renderAll({
      ...installationOf({ builder: { ...BUILDER, cacheDir: "/srv/100% builds", flakePath: "/srv/flake" } }),
      hasNixUsers: true,
    });

    expect(sysusers).toMatch(/^u nix-cache-builder - "[^"]+" \/var\/lib\/nix-cache-builder$/m);
    expect(sysusers).toMatch(/^m nix-cache-builder nix-users$/m);
    expect(tmpfiles?.match(/^d .*$/gm)).toEqual([
      "d /var/lib/nix-cache-builder 0755 nix-cache-builder nix-cache-builder -",
      'd "/srv/100%% builds" 0755 nix-cache-builder nix-cache-builder -',
      "d /nix/var/nix/gcroots/nix-cache-builder 0755 nix-cache-builder nix-cache-builder -",
      "d /srv :0755 :nix-cache-builder :nix-cache-builder -",
    ]);
  });

  it("has the server start anew when what it reads changes, and nothing else", () => {
    const [before, after, later] = [
      {},
      { cacheServer: { priority: 30 } },
      { builder: { ...BUILDER, keepRuns: 7 } },
    ].map((sections) => renderAll(installationOf({ builder: BUILDER, ...sections })));

    const changed = Object.keys(before ?? {}).filter((path) => before?.[path] !== after?.[path]);
    expect(changed).toEqual(["/units/nix-cache-server.service"]);
    expect(later).toEqual(before);
  });

  it("needs neither on a machine that only serves", () => {
    expect(Object.keys(renderAll(installationOf({ cacheServer: {} })))).toEqual([
      "/units/nix-cache-server.service",
    ]);
  });
});
