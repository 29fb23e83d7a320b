import data from "@nix-cache/tooling-systemd/units.json" with { type: "json" };
import { describe, expect, it } from "vitest";

import { analyzeUnits } from "./support/analyze-units.ts";
import { COMPLETE, evaluateModules } from "./support/evaluate.ts";
import { formatUnits, type NixosUnits } from "./support/format-units.ts";

/** Every option that the units hang on. */
const EVERYTHING = `
  flakePath = "/srv/nix-cache/flake";
  buildSchedule = "weekly";
  buildTime = "Sun 02:00";
  accessTokensFile = "/run/secrets/access-tokens";
  resources = { cpuQuota = "250%"; memoryHigh = "8G"; memoryMax = "10G"; ioWeight = 50; nice = 10; };
  lanRanges = [ "192.168.0.0/16" "fd00::/8" ];
`;

async function renderUnits(options: string): Promise<ReadonlyMap<string, string>> {
  const systemd = await evaluateModules<NixosUnits>(
    [`{ services.nix-cache-builder = { ${COMPLETE} ${options} }; }`],
    "{ inherit (it.config.systemd) services sockets timers; }",
  );
  return formatUnits(systemd);
}

describe("the units", () => {
  it.each([
    ["by default", ""],
    ["with every option", EVERYTHING],
    ["with a socket of systemd's", "cacheServer.socketActivation = true;"],
    ["with a unix socket", 'cacheServer.host = "unix:/run/nix-cache-server/socket";'],
  ])("have nothing that systemd cannot read, %s", async (_what, options) => {
    const units = await renderUnits(options);

    const { complaints } = await analyzeUnits(units);

    expect(complaints).toEqual([]);
  });

  it("are found faulty when they are", async () => {
    const units = new Map([
      ["faulty.service", "[Service]\nExecStart=/bin/true\nProtectSystem=perhaps\nNoSuchKey=1\n"],
    ]);

    const { complaints } = await analyzeUnits(units);

    expect(complaints).toHaveLength(2);
  });

  it("are as little exposed as they can be", async () => {
    const { exposures } = await analyzeUnits(await renderUnits(EVERYTHING));

    expect(Object.keys(exposures)).toHaveLength(4);
    expect(exposures["nix-cache-server.service"]).toBeLessThanOrEqual(1.5);
    expect(exposures["nix-cache-builder.service"]).toBeLessThanOrEqual(4);
    expect(exposures["nix-cache-builder-sync.service"]).toBeLessThanOrEqual(4);
    expect(exposures["nix-cache-builder-prune.service"]).toBeLessThanOrEqual(4);
  });

  it("expose a server whose socket systemd has less still", async () => {
    const { exposures } = await analyzeUnits(await renderUnits("cacheServer.socketActivation = true;"));

    expect(exposures["nix-cache-server.service"]).toBeLessThanOrEqual(0.5);
  });

  it("have all that every installer's units have", async () => {
    const units = await renderUnits("cacheServer.socketActivation = true;");

    expect([...units.keys()].toSorted()).toEqual(Object.keys(data.units).toSorted());
    const builder = units.get("nix-cache-builder.service");
    const hardening = Object.keys({ ...data.hardening.shared, ...data.hardening.builder });
    expect(hardening.filter((directive) => !builder?.includes(`\n${directive}=`))).toEqual([]);
  });

  it("run when the options say", async () => {
    const units = await renderUnits(EVERYTHING);

    expect(units.get("nix-cache-builder.timer")).toContain("OnCalendar=Sun *-*-* 02:00:00\n");
  });

  it("give each command the secrets that it needs, and no other", async () => {
    const units = await renderUnits(EVERYTHING);

    const credentials = (name: string): readonly string[] =>
      [...(units.get(name) ?? "").matchAll(/^(?:Load|Set)Credential=(.*)$/gm)].map(([, value = ""]) => value);
    expect(credentials("nix-cache-builder.service")).toEqual([
      "signingKeyFile:/run/secrets/nix-cache-priv-key",
      "sshKeyFile:/root/.ssh/id_ed25519",
      "accessTokensFile:/run/secrets/access-tokens",
      String.raw`signingKeyFile:\n`,
      "signingKeyFile.path:/run/secrets/nix-cache-priv-key",
      String.raw`sshKeyFile:\n`,
      "sshKeyFile.path:/root/.ssh/id_ed25519",
      String.raw`accessTokensFile:\n`,
      "accessTokensFile.path:/run/secrets/access-tokens",
    ]);
    expect(credentials("nix-cache-builder-sync.service")).toEqual([
      "sshKeyFile:/root/.ssh/id_ed25519",
      String.raw`sshKeyFile:\n`,
      "sshKeyFile.path:/root/.ssh/id_ed25519",
    ]);
    expect(credentials("nix-cache-builder-prune.service")).toEqual([]);
    expect(credentials("nix-cache-server.service")).toEqual([
      "signingKeyFiles.0:/run/secrets/nix-cache-priv-key",
      String.raw`signingKeyFiles.0:\n`,
      "signingKeyFiles.0.path:/run/secrets/nix-cache-priv-key",
    ]);
  });

  it("give further secrets to what fetches, and to nothing else", async () => {
    const units = await renderUnits('credentials = { a-key = "/run/secrets/a"; b-key = "/run/secrets/b"; };');

    const having = [...units].filter(([, text]) => /^LoadCredential=a-key:\/run\/secrets\/a$/m.test(text));
    expect(having.map(([name]) => name)).toEqual([
      "nix-cache-builder.service",
      "nix-cache-builder-sync.service",
    ]);
    expect(units.get("nix-cache-builder.service")).toMatch(/^LoadCredential=b-key:\/run\/secrets\/b$/m);
    expect(units.get("nix-cache-builder.service")).toMatch(/^SetCredential=b-key:\\n$/m);
  });

  it("let nothing on a busy machine keep a prune, for which the night's run waits, from its end", async () => {
    const units = await renderUnits("");

    expect(units.get("nix-cache-builder-prune.service")).toContain("\nNice=19\n");
    expect([...units.values()].join("\n")).not.toMatch(/=idle$/m);
  });

  it("may write what the builder writes, and have it made for them", async () => {
    const found = await evaluateModules(
      [`{ services.nix-cache-builder = { ${COMPLETE} ${EVERYTHING} }; }`],
      "{ inherit (it.config.systemd.services.nix-cache-builder.serviceConfig) ReadWritePaths; " +
        "inherit (it.config.systemd.tmpfiles) rules; }",
    );

    expect(found).toEqual({
      ReadWritePaths: [
        "/var/lib/nix-cache-builder",
        "/var/cache/nix-builds",
        "-/nix/var/nix/gcroots/nix-cache-builder",
        "/srv/nix-cache",
      ],
      rules: [
        "d /var/lib/nix-cache-builder 0755 nix-cache-builder nix-cache-builder -",
        "d /var/cache/nix-builds 0755 nix-cache-builder nix-cache-builder -",
        "d /nix/var/nix/gcroots/nix-cache-builder 0755 nix-cache-builder nix-cache-builder -",
        "d /srv/nix-cache :0755 :nix-cache-builder :nix-cache-builder -",
      ],
    });
  });

  it("let in the LAN alone, whoever listens", async () => {
    const byServer = await renderUnits("");
    const bySystemd = await renderUnits("cacheServer.socketActivation = true;");

    const filters = (text = ""): readonly string[] => text.match(/^IPAddress.*/gm) ?? [];
    const lan = ["IPAddressAllow=192.168.0.0/16", "IPAddressAllow=127.0.0.0/8", "IPAddressAllow=::1/128"];
    expect(filters(byServer.get("nix-cache-server.service"))).toEqual([...lan, "IPAddressDeny=any"]);
    expect(filters(bySystemd.get("nix-cache-server.socket"))).toEqual([...lan, "IPAddressDeny=any"]);
    expect(filters(bySystemd.get("nix-cache-server.service"))).toEqual(["IPAddressDeny=any"]);
  });

  it.each([
    ["::", "5000"],
    ["0.0.0.0", "0.0.0.0:5000"],
    ["localhost", "127.0.0.1:5000"],
    ["fd00::1", "[fd00::1]:5000"],
    ["192.168.1.10", "192.168.1.10:5000"],
    ["unix:/run/nix-cache/socket", "/run/nix-cache/socket"],
  ])("have systemd listen at %s", async (host, stream) => {
    const units = await renderUnits(`cacheServer = { socketActivation = true; host = "${host}"; };`);

    expect(units.get("nix-cache-server.socket")).toContain(`ListenStream=${stream}\n`);
    expect(units.get("nix-cache-server.service")).toMatch(/^Requires=nix-cache-server\.socket$/m);
  });
});
