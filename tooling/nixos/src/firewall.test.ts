import { describe, expect, it } from "vitest";

import { COMPLETE, evaluateModules } from "./support/evaluate.ts";

interface Rules {
  readonly extraCommands: string;
  readonly extraInputRules: string;
}

async function renderRules(options: string, machine = ""): Promise<Rules> {
  return evaluateModules(
    [`{ services.nix-cache-builder = { ${COMPLETE} ${options} }; ${machine} }`],
    "{ inherit (it.config.networking.firewall) extraCommands extraInputRules; }",
  );
}

const BOTH_FAMILIES = 'lanRanges = [ "192.168.0.0/16" "10.1.0.0/16" "fd00::/8" ];';

describe("the firewall", () => {
  it("lets 192.168.0.0/16 reach the port by default", async () => {
    const rules = await renderRules("");

    expect(rules).toEqual({
      extraCommands:
        "iptables -w -A nixos-fw -p tcp -s 192.168.0.0/16 --dport 5000 -m comment --comment nix-cache-server -j nixos-fw-accept",
      extraInputRules: "",
    });
  });

  it("has rules of nftables where that is the backend", async () => {
    const rules = await renderRules("", "networking.nftables.enable = true;");

    expect(rules).toEqual({
      extraCommands: "",
      extraInputRules: 'ip saddr 192.168.0.0/16 tcp dport 5000 accept comment "nix-cache-server"',
    });
  });

  it("keeps IPv4 and IPv6 apart in iptables", async () => {
    const { extraCommands } = await renderRules(BOTH_FAMILIES);

    expect(extraCommands.match(/^ip\S+ .*-s \S+/gm)).toEqual([
      "iptables -w -A nixos-fw -p tcp -s 192.168.0.0/16",
      "iptables -w -A nixos-fw -p tcp -s 10.1.0.0/16",
      "ip6tables -w -A nixos-fw -p tcp -s fd00::/8",
    ]);
  });

  it("keeps IPv4 and IPv6 apart in nftables", async () => {
    const { extraInputRules } = await renderRules(BOTH_FAMILIES, "networking.nftables.enable = true;");

    expect(extraInputRules.match(/^.*?saddr \S+/gm)).toEqual([
      "ip saddr 192.168.0.0/16",
      "ip saddr 10.1.0.0/16",
      "ip6 saddr fd00::/8",
    ]);
  });

  it("has no rules of IPv6 on a machine without, whose chain for it is missing", async () => {
    const rules = await renderRules(BOTH_FAMILIES, "networking.enableIPv6 = false;");

    expect(rules.extraCommands).not.toContain("ip6tables");
  });

  it.each([
    ["a server that is off", "cacheServer.enable = false;", ""],
    ["a machine whose owner says so", "cacheServer.openFirewall = false;", ""],
    ["a server for this machine alone", 'cacheServer.host = "127.0.0.1";', ""],
    ["a unix socket", 'cacheServer.host = "unix:/run/nix-cache-server/socket";', ""],
    ["no ranges", "lanRanges = [ ];", ""],
    ["a machine without a firewall", "", "networking.firewall.enable = false;"],
  ])("has no rules for %s", async (_what, options, machine) => {
    const rules = await renderRules(options, machine);

    expect(rules).toEqual({ extraCommands: "", extraInputRules: "" });
  });
});
