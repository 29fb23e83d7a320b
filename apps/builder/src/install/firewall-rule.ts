import type { CacheServerConfig } from "@nix-cache/config";

import { parseFirewall } from "../doctor/firewall-rules.ts";
import { judgeFirewall } from "../doctor/judge-firewall.ts";
import type { FirewallRules } from "../doctor/read-firewall.ts";
import { isLocalHost } from "../local-host.ts";

/** What reaches this machine from itself. */
const LOOPBACK = /^(?:127\.|::1(?:\/|$))/;

/** Writes the command that lets an address range come to a port, in the words of a firewall. */
type FormatRule = (range: string, port: number) => string;

/** Those that make the rules of others, by what they call their own. */
const FRONT_ENDS: readonly (readonly [RegExp, FormatRule])[] = [
  [/\bufw6?-/, (range, port) => `ufw allow proto tcp from ${range} to any port ${port}`],
  [
    /\bfirewalld\b/,
    (range, port) =>
      `firewall-cmd --permanent --add-rich-rule='rule family="${familyOf(range)}" source address="${range}" ` +
      `port port="${port}" protocol="tcp" accept' && sudo firewall-cmd --reload`,
  ],
];

const RULES: Readonly<Record<FirewallRules["type"], FormatRule>> = {
  nftables: (range, port) =>
    `nft insert rule inet filter input ${range.includes(":") ? "ip6" : "ip"} saddr ${range} tcp dport ${port} accept`,
  iptables: (range, port) =>
    `${range.includes(":") ? "ip6tables" : "iptables"} -I INPUT -p tcp -s ${range} --dport ${port} -j ACCEPT`,
};

/** Writes the commands by which clients get through a firewall that lets none of them; none where it does. */
export function formatFirewallRules(
  firewall: FirewallRules | undefined,
  { allow, host, port }: CacheServerConfig,
): readonly string[] {
  if (firewall === undefined || isLocalHost(host)) return [];
  if (judgeFirewall(parseFirewall(firewall), port) !== "closed") return [];
  const [, format = RULES[firewall.type]] = FRONT_ENDS.find(([names]) => names.test(firewall.text)) ?? [];
  return allow.filter((range) => !LOOPBACK.test(range)).map((range) => `sudo ${format(range, port)}`);
}

function familyOf(range: string): "ipv4" | "ipv6" {
  return range.includes(":") ? "ipv6" : "ipv4";
}
