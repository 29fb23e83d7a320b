import { execa } from "execa";

import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

/** Programs that make networks and filter their packets. */
export interface Netfilter {
  readonly ip: string;
  readonly nft: string;
  /** iptables and ip6tables, by its first argument. */
  readonly xtables: string;
  /** What the latter loads, for XTABLES_LIBDIR. */
  readonly xtablesDir: string;
}

/** Fetches what filters packets, of the machine's own release of Debian, without installing it. */
export async function fetchNetfilter(): Promise<Netfilter> {
  const suite = await findDebianRelease();
  if (suite === undefined) throw new Error("expected Debian, found another system: run this on Debian");
  const programs = ["ip", "nft", "xtables-nft-multi"];
  const root = await fetchDebianPackages({
    name: `debian-${suite}-netfilter`,
    suite,
    packages: ["iproute2", "iptables", "nftables"],
    prepare: (unpacked, place) => collectPrograms({ unpacked, root: place, programs }),
  });
  const { stdout } = await execa("find", [root, "-type", "d", "-name", "xtables"]);
  const bin = `${root}/parts/bin`;
  return {
    ip: `${bin}/ip`,
    nft: `${bin}/nft`,
    xtables: `${bin}/xtables-nft-multi`,
    xtablesDir: stdout.trim(),
  };
}
