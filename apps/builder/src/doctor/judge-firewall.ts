import type { FirewallChain, FirewallRule } from "./firewall-rules.ts";

/** What becomes of a client's first packet: `maybe` where that depends on what is not known of it. */
export type FirewallJudgement = "open" | "maybe" | "closed";

type Match = "yes" | "no" | "maybe";

type Fate = "accept" | "drop" | "undecided";

/**
 * Follows the first packet of a client in the network to a TCP port, as far as the rules are understood: which address
 * and interface it comes from is not known.
 */
export function judgeFirewall(chains: readonly FirewallChain[], port: number): FirewallJudgement {
  const entries = chains.filter(({ isEntry }) => isEntry);
  const fates = entries.map((entry) =>
    followChain(entry, { byName: new Map(chains.map((chain) => [chain.name, chain])), port }),
  );
  // A packet has to pass every chain at the entry.
  if (fates.every(({ fate }) => fate !== "drop")) return "open";
  return fates.every(({ fate, isUncertain }) => fate !== "drop" || isUncertain) ? "maybe" : "closed";
}

interface Walk {
  /** Chains that a rule may still lead to: one that leads back to itself is refused by the kernel, not by a text. */
  readonly byName: ReadonlyMap<string, FirewallChain>;
  readonly port: number;
}

interface Outcome {
  readonly fate: Fate;
  /** Whether a rule that may match would have accepted it. */
  readonly isUncertain: boolean;
}

function followChain({ name, policy, rules }: FirewallChain, { byName, port }: Walk): Outcome {
  const walk = { byName: new Map(byName), port };
  walk.byName.delete(name);
  let isUncertain = false;
  for (const { conditions, verdict } of rules) {
    const match = matchRule(conditions, port);
    if (match === "no") continue;
    const next = verdict.type === "jump" ? walk.byName.get(verdict.chain) : undefined;
    if (verdict.type === "jump" && next === undefined) continue;
    const outcome: Outcome =
      next === undefined
        ? { fate: verdict.type === "accept" ? "accept" : "drop", isUncertain: false }
        : followChain(next, walk);
    if (match === "yes" && outcome.fate !== "undecided")
      return { ...outcome, isUncertain: isUncertain || outcome.isUncertain };
    isUncertain ||= outcome.isUncertain || (match === "maybe" && outcome.fate === "accept");
  }
  return { fate: policy === "return" ? "undecided" : policy, isUncertain };
}

/** Says whether the packet meets the conditions of a rule, in the words of nft(8) or iptables-extensions(8). */
function matchRule(conditions: FirewallRule["conditions"], port: number): Match {
  let rest = conditions;
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest)?.[0];
    if (found !== undefined) rest = rest.replace(found, "");
    return found;
  };
  if (take(/\b(?:iif|iifname) lo\b|-i lo\b/) !== undefined) return "no";
  const state = take(/ct state (?:\{[^}]*\}|\S+)|--(?:ctstate|state) \S+/);
  if (state !== undefined && !/new/i.test(state)) return "no";
  const protocol = take(
    /\b(?:meta l4proto|ip protocol|ip6 nexthdr) (?:\{[^}]*\}|\S+)|-p \S+|\b(?:udp|sctp|icmp|icmpv6|ip6? protocol \S+) /,
  );
  if (protocol !== undefined && !/tcp|\b6\b/.test(protocol)) return "no";
  const ports = take(/(?:(?:tcp|th) dport|--dports?) (?:\{[^}]*\}|\S+)/);
  if (ports !== undefined && !ports.includes("@") && !hasPort(ports, port)) return "no";
  const isKnown = rest.trim() === "" && !(ports ?? "").includes("@");
  return isKnown ? "yes" : "maybe";
}

function hasPort(ports: string, port: number): boolean {
  return [...ports.matchAll(/(\d+)(?:[-:](\d+))?/g)].some(
    ([, first, last = first]) => Number(first) <= port && port <= Number(last),
  );
}
