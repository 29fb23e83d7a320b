import process from "node:process";

import { execa } from "execa";

/** The rules of a firewall, as the tool prints them. */
export interface FirewallRules {
  readonly type: "nftables" | "iptables";
  readonly text: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Asks for the rules, which root alone may: nft(8) lists what iptables-nft made too; the older iptables keeps rules of its own.
 *
 * @returns undefined where neither can be asked
 */
export async function readFirewall(): Promise<FirewallRules | undefined> {
  const nftables = await runQuietly("nft", ["list", "ruleset"]);
  if (nftables !== undefined && nftables.trim() !== "") return { type: "nftables", text: nftables };
  const iptables = await runQuietly("iptables-save", ["-t", "filter"]);
  if (iptables !== undefined) return { type: "iptables", text: iptables };
  return nftables === undefined ? undefined : { type: "nftables", text: nftables };
}

/** What such a program prints; undefined when it is missing or fails. */
async function runQuietly(program: string, argv: readonly string[]): Promise<string | undefined> {
  const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const { exitCode, stdout } = await execa(program, argv, {
    reject: false,
    timeout: TIMEOUT_MS,
    env: { PATH },
  });
  return exitCode === 0 ? stdout : undefined;
}
