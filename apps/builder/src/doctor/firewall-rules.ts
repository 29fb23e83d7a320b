import type { FirewallRules } from "./read-firewall.ts";

/** What a rule does with a packet that it matches. */
type FirewallVerdict =
  | { readonly type: "accept" | "drop" }
  | { readonly type: "jump"; readonly chain: string };

/** A rule: when it matches, and what it does then; rules that only count or log are left out. */
export interface FirewallRule {
  readonly conditions: string;
  readonly verdict: FirewallVerdict;
}

/** Rules in their order, and what becomes of packets that none decides on. */
export interface FirewallChain {
  readonly name: string;
  /** Whether packets that come in for this machine start here. */
  readonly isEntry: boolean;
  readonly policy: "accept" | "drop" | "return";
  readonly rules: readonly FirewallRule[];
}

/** Reads the chains of a firewall; what is not known of a rule stays in its conditions. */
export function parseFirewall({ text, type }: FirewallRules): readonly FirewallChain[] {
  return type === "nftables" ? parseNftables(text) : parseIptables(text);
}

/** As `nft list ruleset` prints them, see nft(8): tables at no tab, chains at one, rules at two. */
function parseNftables(text: string): readonly FirewallChain[] {
  const tables = text.split(/^(?=table )/m);
  return tables.flatMap((table) => {
    const tableName = /^table (.+) \{/.exec(table)?.[1] ?? "";
    const chains = [...table.matchAll(/^\tchain (\S+) \{\n([^]*?)^\t\}/gm)];
    return chains.map(([, name = "", body = ""]) => {
      const header = /^\t\ttype filter hook input .*$/m.exec(body)?.[0];
      return {
        name: `${tableName} ${name}`,
        isEntry: header !== undefined,
        policy: header === undefined ? "return" : header.includes("policy drop") ? "drop" : "accept",
        rules: body.split("\n").flatMap((line) => parseNftRule(line.trim(), tableName)),
      } as const;
    });
  });
}

function parseNftRule(line: string, table: string): readonly FirewallRule[] {
  if (line.startsWith("type ")) return [];
  const rule = line
    .replaceAll(/"[^"]*"/g, (quoted) => (quoted === '"lo"' ? "lo" : "quoted"))
    .replace(/ comment quoted$/, "")
    .replaceAll(
      /\b(?:counter packets \d+ bytes \d+|counter|log(?: (?:prefix|level|flags|group) \S+)*)(?: |$)/g,
      "",
    );
  const byState = /^ct state vmap \{.*\bnew : (?:(accept|drop)|(?:jump|goto) ([^ ,]+))/.exec(rule);
  const [, conditions = rule, word, chain] =
    byState === null
      ? (/^(.*?)\s*\b(?:(accept|drop|reject)\b.*|(?:jump|goto) (\S+))$/.exec(rule) ?? [])
      : ["", "", byState[1], byState[2]];
  if (chain !== undefined) return [{ conditions, verdict: { type: "jump", chain: `${table} ${chain}` } }];
  if (word === undefined) return [];
  return [{ conditions, verdict: { type: word === "accept" ? "accept" : "drop" } }];
}

/** As `iptables-save` prints them, see iptables-extensions(8). */
function parseIptables(text: string): readonly FirewallChain[] {
  const names = [...text.matchAll(/^:(\S+) (\S+)/gm)];
  return names.map(([, name = "", policy]) => ({
    name,
    isEntry: name === "INPUT",
    policy: policy === "ACCEPT" ? "accept" : policy === "DROP" ? "drop" : "return",
    rules: text
      .split("\n")
      .filter((line) => line.startsWith(`-A ${name} `))
      .flatMap((line) => parseIptablesRule(line.slice(`-A ${name} `.length))),
  }));
}

function parseIptablesRule(text: string): readonly FirewallRule[] {
  const [, before = "", target = ""] = /^(.*?)\s*-[jg] (\S+)/.exec(text) ?? [];
  const conditions = before
    .replaceAll(/-m (?:tcp|comment|conntrack|state|multiport|addrtype)\b|--comment (?:"[^"]*"|\S+)/g, "")
    .trim();
  switch (target) {
    case "ACCEPT":
      return [{ conditions, verdict: { type: "accept" } }];
    case "DROP":
    case "REJECT":
      return [{ conditions, verdict: { type: "drop" } }];
    case "":
    case "LOG":
    case "NFLOG":
    case "RETURN":
      return [];
    default:
      return [{ conditions, verdict: { type: "jump", chain: target } }];
  }
}
