import { BlockList, isIPv6 } from "node:net";

/** Decides whether an address may ask anything. */
export type IsAllowed = (address: string | undefined) => boolean;

/**
 * Makes the check of clients' addresses.
 *
 * @param ranges CIDR ranges or single addresses, IPv4 and IPv6. An IPv4 range also covers the mapped form
 *   `::ffff:192.168.0.1`, in which a server that listens on `::` sees IPv4 clients
 */
export function createAllowList(ranges: readonly string[]): IsAllowed {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return (address) => {
    // The peer of a unix socket has none, and the file system decides who that is; nor has one that is gone already.
    if (address === undefined) return true;
    const [withoutZone = ""] = address.split("%");
    return list.check(withoutZone, familyOf(withoutZone));
  };
}

function addRange(list: BlockList, range: string): void {
  const [address = "", prefix] = range.split("/");
  if (prefix === undefined) list.addAddress(address, familyOf(address));
  else list.addSubnet(address, Number(prefix), familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
