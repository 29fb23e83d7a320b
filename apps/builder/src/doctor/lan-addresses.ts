import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";

import { createAllowList } from "../client/addresses.ts";

/** An address of this machine on a network that clients may be on. */
export interface LanAddress {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  /** Name of the network interface. */
  readonly device: string;
  /** The network, as `192.168.1.0/24`. */
  readonly network: string;
}

/** Addresses that are of no use to name in a client's configuration: they need a zone, or change with the network. */
const LINK_LOCAL = createAllowList(["fe80::/10", "169.254.0.0/16"]);

/** Lists the addresses of this machine that clients may reach it by. */
export function listLanAddresses(): readonly LanAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([device, entries = []]) =>
    entries.flatMap(({ address, cidr, family, internal }) => {
      const kind = family === "IPv6" ? "ipv6" : "ipv4";
      if (internal || cidr === null || LINK_LOCAL.check(address, kind)) return [];
      return [
        { address, family: kind, device, network: networkOf(address, Number(cidr.split("/")[1])) } as const,
      ];
    }),
  );
}

/** Whether a whole network is let in, and not only some of it. */
export function isNetworkAllowed(ranges: readonly string[], network: string): boolean {
  const [first = "", prefix = "0"] = network.split("/");
  const last = lastAddressOf(first, Number(prefix));
  const family = first.includes(":") ? "ipv6" : "ipv4";
  // One range has to hold both ends: two may leave a gap between them.
  return ranges.some((range) => {
    const list: BlockList = createAllowList([range]);
    return list.check(first, family) && list.check(last, family);
  });
}

/** The first address of the network that an address is on, with the length of its prefix. */
export function networkOf(address: string, prefix: number): string {
  const bits = parseAddress(address);
  const hostBits = BigInt(bitsOf(address) - prefix);
  return `${formatAddress((bits >> hostBits) << hostBits, bitsOf(address))}/${prefix}`;
}

function lastAddressOf(first: string, prefix: number): string {
  const hostBits = BigInt(bitsOf(first) - prefix);
  return formatAddress(parseAddress(first) | ((1n << hostBits) - 1n), bitsOf(first));
}

function bitsOf(address: string): 32 | 128 {
  return address.includes(":") ? 128 : 32;
}

function parseAddress(address: string): bigint {
  if (bitsOf(address) === 32)
    return BigInt(address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
  // The URL parser spells out a part in IPv4 form, and nothing else; the gap is for here.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const left = head.split(":").filter((group) => group !== "");
  const right = (tail ?? "").split(":").filter((group) => group !== "");
  const gap: readonly string[] = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...gap, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function formatAddress(bits: bigint, length: 32 | 128): string {
  if (length === 32) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_group, index) => (bits >> BigInt(112 - 16 * index)) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}
