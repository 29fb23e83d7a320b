import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { formatFirewallRules } from "./firewall-rule.ts";

const CLOSED = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
const { cacheServer } = parseConfig(
  '[cacheServer]\nallow = ["192.168.0.0/16", "fd00::/8", "127.0.0.0/8", "::1/128"]\n',
  { format: "toml" },
);

describe("formatFirewallRules", () => {
  it.each([
    {
      type: "iptables",
      text: CLOSED,
      rules: [
        "sudo iptables -I INPUT -p tcp -s 192.168.0.0/16 --dport 5000 -j ACCEPT",
        "sudo ip6tables -I INPUT -p tcp -s fd00::/8 --dport 5000 -j ACCEPT",
      ],
    },
    {
      type: "nftables",
      text: "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n",
      rules: [
        "sudo nft insert rule inet filter input ip saddr 192.168.0.0/16 tcp dport 5000 accept",
        "sudo nft insert rule inet filter input ip6 saddr fd00::/8 tcp dport 5000 accept",
      ],
    },
    {
      type: "iptables",
      text: CLOSED.replace("COMMIT", "-A INPUT -j ufw-before-input\n:ufw-before-input - [0:0]\nCOMMIT"),
      rules: [
        "sudo ufw allow proto tcp from 192.168.0.0/16 to any port 5000",
        "sudo ufw allow proto tcp from fd00::/8 to any port 5000",
      ],
    },
  ] as const)("lets in the LAN alone, in the words of $type", ({ rules, text, type }) => {
    expect(formatFirewallRules({ type, text }, cacheServer)).toEqual(rules);
  });

  it("has nothing to say of one that lets them in", () => {
    const open = { type: "iptables", text: CLOSED.replace("DROP", "ACCEPT") } as const;

    expect(formatFirewallRules(open, cacheServer)).toEqual([]);
  });

  it("has nothing to say where there is none, or where none but this machine may come", () => {
    const closed = { type: "iptables", text: CLOSED } as const;

    expect(formatFirewallRules(undefined, cacheServer)).toEqual([]);
    expect(formatFirewallRules(closed, { ...cacheServer, host: "127.0.0.1" })).toEqual([]);
  });
});
