import type { CacheServerConfig } from "@nix-cache/config";

import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { isNetworkAllowed, type LanAddress, listLanAddresses } from "../lan-addresses.ts";

const report = reportAs("allow-list");

const EVERY_ADDRESS = new Set(["::", "0.0.0.0"]);

/** Says whether clients on this machine's networks may ask its server. */
export async function checkAllowList({ config, configFile }: DoctorContext): Promise<readonly Finding[]> {
  const { cacheServer } = config;
  if (!cacheServer.enable) return [report.skipped("cacheServer.enable is false")];
  return judgeAllowList(cacheServer, listLanAddresses(), configFile);
}

/** Compares the list with the networks that the machine is on. */
export function judgeAllowList(
  { allow, host }: Pick<CacheServerConfig, "allow" | "host">,
  addresses: readonly LanAddress[],
  configFile: string,
): readonly Finding[] {
  if (!EVERY_ADDRESS.has(host) && !addresses.some(({ address }) => address === host)) {
    return [
      report.skipped(
        `cacheServer.host is ${host}: only what is on this machine, such as a proxy, gets there`,
      ),
    ];
  }
  const served = addresses.filter(({ address, family }) => isListening(host, address, family));
  const networks = [...new Set(served.map(({ network }) => network))];
  if (networks.length === 0) return [report.skipped("this machine is on no network but its own")];
  const refused = networks.filter((network) => !isNetworkAllowed(allow, network));
  const admitted = networks.filter((network) => !refused.includes(network));
  const remedy = `cacheServer.allow = ${JSON.stringify([...allow, ...refused])}   # in ${configFile}: those of them that clients are on`;
  if (admitted.length === 0) {
    return [
      report.problem(
        `clients on ${refused.join(", ")} are refused, and this machine is on no other network`,
        { remedy },
      ),
    ];
  }
  const ok = report.ok(`clients on ${admitted.join(", ")} are let in`);
  // Bridges of containers and the like are networks too.
  return refused.length === 0
    ? [ok]
    : [ok, report.skipped(`clients on ${refused.join(", ")} are refused, if there are any`, { remedy })];
}

function isListening(host: string, address: string, family: LanAddress["family"]): boolean {
  return host === "::" || host === address || (host === "0.0.0.0" && family === "ipv4");
}
