import { renderFiles } from "@nix-cache/builder/install";
import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { COMPLETE, evaluateModules, MEMBER_DIR } from "./support/evaluate.ts";
import { formatUnits, type NixosUnits } from "./support/format-units.ts";
import { readUnit, type UnitDirectives } from "./support/read-units.ts";

interface NixosSide {
  readonly configuration: unknown;
  readonly systemd: NixosUnits;
  readonly tmpfiles: readonly string[];
}

/** What both make of a configuration: units by name, and the lines of tmpfiles.d. */
interface Rendered {
  readonly units: Readonly<Record<string, UnitDirectives>>;
  readonly tmpfiles: readonly string[];
}

async function renderBoth(
  options: string,
): Promise<{ readonly nixos: Rendered; readonly elsewhere: Rendered }> {
  const { configuration, systemd, tmpfiles } = await evaluateModules<NixosSide>(
    [
      `{ services.nix-cache-builder = { ${COMPLETE} }; }`,
      `{ lib, ... }: { services.nix-cache-builder = { ${options} }; }`,
    ],
    `{
      configuration = (import ${MEMBER_DIR}/lib/configuration.nix it.config.services.nix-cache-builder).value;
      systemd = { inherit (it.config.systemd) services sockets timers; };
      tmpfiles = it.config.systemd.tmpfiles.rules;
    }`,
  );
  const nixos = { units: readUnits(formatUnits(systemd)), tmpfiles };
  return { nixos, elsewhere: renderElsewhere(JSON.stringify(configuration)) };
}

function renderElsewhere(configuration: string): Rendered {
  const files = renderFiles(
    {
      scope: "system",
      config: parseConfig(configuration, { format: "json" }),
      configFile: "/etc/nix-cache-builder/config.json",
      commands: { builder: ["/bin/builder"], server: ["/bin/server"] },
      searchPath: ["/bin"],
      authoritiesFile: "/etc/ssl/certs/ca-certificates.crt",
      hasNixUsers: false,
      isNixServeFree: true,
    },
    { unitDir: "", tmpfilesFile: "tmpfiles", sysusersFile: "sysusers" },
  );
  const texts = new Map(files.map(({ path, text }) => [path.replace(/^\//, ""), text]));
  const tmpfiles = (texts.get("tmpfiles") ?? "").split("\n").filter((line) => /^\w/.test(line));
  return { units: readUnits(new Map([...texts].filter(([name]) => name.includes(".")))), tmpfiles };
}

/**
 * Programs are where each system has them, which is not to be the same. Of authorities, curl and git know elsewhere by
 * themselves where the system has them.
 */
function readUnits(units: ReadonlyMap<string, string>): Rendered["units"] {
  return Object.fromEntries(
    [...units].map(([name, text]) => [
      name,
      readUnit(
        text.replaceAll(/^(?:Environment=(?:PATH|CURL_CA_BUNDLE|GIT_SSL_CAINFO)|ExecStart)=.*\n/gm, ""),
      ),
    ]),
  );
}

describe("the units of NixOS, and those of nix-cache-builder install", () => {
  it.each([
    ["by default", ""],
    ["weekly, on Sundays", 'buildSchedule = "weekly"; buildTime = "Sun 02:00";'],
    ["by a calendar", 'buildSchedule = "Mon..Fri *-*-* 01:30:00";'],
    [
      "with every secret",
      'flakeRepo = lib.mkForce "https://example.org/f.git"; accessTokensFile = "/run/a"; repoTokenFile = "/run/b";',
    ],
    ["with two keys to sign with", 'cacheServer.signingKeyFiles = [ "/run/keys/new" "/run/keys/old" ];'],
    ["with none", "cacheServer.signingKeyFiles = [ ];"],
    [
      "with other directories",
      'stateDir = "/srv/cache"; flakePath = "/srv/checkouts/flake"; cacheDir = "/srv/links"; rootsDir = "/nix/var/nix/gcroots/cache";',
    ],
    ["for other networks", 'lanRanges = [ "10.0.0.0/8" "fd00::/8" ];'],
    ["with a socket of systemd's", "cacheServer.socketActivation = true;"],
    [
      "with a socket of systemd's at an address",
      'cacheServer = { socketActivation = true; host = "fd00::1"; port = 80; };',
    ],
    ["with a unix socket", 'cacheServer.host = "unix:/run/nix-cache-server/socket";'],
    [
      "with a unix socket of systemd's",
      'cacheServer = { socketActivation = true; host = "unix:/run/cache/socket"; };',
    ],
    ["without a server", "cacheServer.enable = false;"],
  ])("say the same %s", async (_what, options) => {
    const { elsewhere, nixos } = await renderBoth(options);

    expect(Object.keys(nixos.units).length).toBeGreaterThan(4);
    expect(nixos.units["nix-cache-builder.service"]?.["Service"]?.["Environment"]).toHaveLength(2);
    expect(nixos).toEqual(elsewhere);
  });
});
