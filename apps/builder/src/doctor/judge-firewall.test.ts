import { describe, expect, it } from "vitest";

import { parseFirewall } from "./firewall-rules.ts";
import { judgeFirewall } from "./judge-firewall.ts";
import type { FirewallRules } from "./read-firewall.ts";

/** As nixos/modules/services/networking/firewall-iptables.nix makes them, shortened. */
const nixosIptables = (...opened: readonly string[]): string => `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:nixos-fw - [0:0]
:nixos-fw-accept - [0:0]
:nixos-fw-log-refuse - [0:0]
:nixos-fw-refuse - [0:0]
-A INPUT -j nixos-fw
-A nixos-fw -i lo -j nixos-fw-accept
-A nixos-fw -m conntrack --ctstate RELATED,ESTABLISHED -j nixos-fw-accept
-A nixos-fw -p tcp -m tcp --dport 22 -j nixos-fw-accept
${opened.map((rule) => `-A nixos-fw ${rule} -j nixos-fw-accept\n`).join("")}-A nixos-fw -p icmp -m icmp --icmp-type 8 -j nixos-fw-accept
-A nixos-fw -j nixos-fw-log-refuse
-A nixos-fw-accept -j ACCEPT
-A nixos-fw-log-refuse -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j LOG --log-prefix "refused connection: " --log-level 6
-A nixos-fw-log-refuse -m pkttype ! --pkt-type unicast -j nixos-fw-refuse
-A nixos-fw-log-refuse -j nixos-fw-refuse
-A nixos-fw-refuse -j DROP
COMMIT
`;

/** As nixos/modules/services/networking/firewall-nftables.nix makes them. */
const nixosNftables = (ports: string): string => `table inet nixos-fw {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tiifname "lo" accept comment "trusted interfaces"
\t\tct state vmap { invalid : drop, established : accept, related : accept, new : jump input-allow, untracked : jump input-allow }
\t\ttcp flags syn / fin,syn,rst,ack log prefix "refused connection: " level info
\t}

\tchain input-allow {
\t\ttcp dport ${ports} accept
\t\ticmp type echo-request accept comment "allow ping"
\t\ticmpv6 type != { nd-redirect, 139 } accept comment "Accept all ICMPv6 messages except redirects"
\t\tip6 daddr fe80::/64 udp dport 546 accept comment "DHCPv6 client"
\t}
}
`;

/** Docker's, as nft lists what iptables-nft made: nothing of it concerns what comes in for the machine. */
const DOCKER = `table ip filter {
\tchain DOCKER {
\t\tiifname != "docker0" oifname "docker0" counter packets 0 bytes 0 drop
\t}

\tchain FORWARD {
\t\ttype filter hook forward priority filter; policy drop;
\t\tcounter packets 0 bytes 0 jump DOCKER
\t}
}
`;

const simple = (policy: string, ...rules: readonly string[]): string =>
  `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n${rules
    .map((rule) => `\t\t${rule}\n`)
    .join("")}\t}\n}\n`;

const judge = (type: FirewallRules["type"], text: string): string =>
  judgeFirewall(parseFirewall({ type, text }), 5000);

describe("judgeFirewall", () => {
  it.each([
    ["no rules", "", "open"],
    ["Docker's rules", DOCKER, "open"],
    ["NixOS, another port", nixosNftables("22"), "closed"],
    ["NixOS, the port", nixosNftables("{ 22, 5000 }"), "open"],
    ["NixOS, a range with the port", nixosNftables("4000-6000"), "open"],
    ["NixOS, a set of ports", nixosNftables("@temp-ports"), "maybe"],
    ["a policy alone", simple("drop"), "closed"],
    [
      "a rule that drops the rest",
      simple("accept", "tcp dport 22 accept", "counter packets 3 bytes 9 drop"),
      "closed",
    ],
    ["a rule that rejects the rest", simple("accept", "reject with icmpx admin-prohibited"), "closed"],
    ["a rule that drops what is invalid", simple("accept", "ct state invalid drop"), "open"],
    ["what belongs to a connection", simple("drop", "ct state established,related accept"), "closed"],
    [
      "new connections to the port",
      simple("drop", "ct state new tcp dport 5000 counter packets 0 bytes 0 accept"),
      "open",
    ],
    ["clients of one network", simple("drop", "ip saddr 192.168.0.0/16 tcp dport 5000 accept"), "maybe"],
    [
      "another machine's port, in a comment",
      simple("drop", 'tcp dport 22 accept comment "not 5000"'),
      "closed",
    ],
    ["loopback alone", simple("drop", 'iif "lo" accept', 'iifname "lo" accept'), "closed"],
    ["everything of an interface", simple("drop", 'iifname "eth0" accept'), "maybe"],
    ["both protocols", simple("drop", "meta l4proto { tcp, udp } th dport 5000 accept"), "open"],
    ["the other protocol", simple("drop", "udp dport 5000 accept"), "closed"],
    [
      "a rule that drops the port first",
      simple("accept", "tcp dport 5000 drop", "tcp dport 5000 accept"),
      "closed",
    ],
  ])("follows nftables with %s", (_name, text, expected) => {
    expect(judge("nftables", text)).toBe(expected);
  });

  it.each([
    ["an empty table", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "open"],
    ["a policy alone", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", "closed"],
    ["NixOS, another port", nixosIptables(), "closed"],
    ["NixOS, the port", nixosIptables("-p tcp -m tcp --dport 5000"), "open"],
    ["NixOS, a range with the port", nixosIptables("-p tcp -m tcp --dport 4990:5010"), "open"],
    ["NixOS, the port on one interface", nixosIptables("-i eth0 -p tcp -m tcp --dport 5000"), "maybe"],
    [
      "several ports at once",
      nixosIptables('-p tcp -m multiport --dports 80,443,5000 -m comment --comment "web"'),
      "open",
    ],
    ["the port of the other protocol", nixosIptables("-p udp -m udp --dport 5000"), "closed"],
  ])("follows iptables with %s", (_name, text, expected) => {
    expect(judge("iptables", text)).toBe(expected);
  });

  it("ends where chains lead in circles", () => {
    const text = "*filter\n:INPUT DROP [0:0]\n:a - [0:0]\n-A INPUT -j a\n-A a -j a\nCOMMIT\n";

    expect(judge("iptables", text)).toBe("closed");
  });
});
