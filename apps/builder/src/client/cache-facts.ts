import { hostname, networkInterfaces, type NetworkInterfaceInfo } from "node:os";

import type { CacheServerConfig } from "@nix-cache/config";

import { requirePublicKey } from "../keys/read-public-key.ts";
import type { BuilderMachineConfig } from "../load-config.ts";
import { readPublishedToplevels } from "../published.ts";
import { createAllowList, formatServerUrl } from "./addresses.ts";
import type { CacheFacts } from "./client-config.ts";

/** Where a proxy stands between clients and the server, whose address nobody knows here. */
const UNKNOWN_URL = "http://ADDRESS";

/** Collects what clients need from the configuration, its keys and what is published. */
export async function readCacheFacts(config: BuilderMachineConfig): Promise<CacheFacts> {
  const { builder, cacheServer, nix } = config;
  const keyFiles = new Set([builder.signingKeyFile, ...cacheServer.signingKeyFiles]);
  const publicKeys = await Promise.all(
    [...keyFiles].map((file) => requirePublicKey(file, "run this as root")),
  );
  return {
    ...urlsOf(cacheServer),
    publicKeys: [...new Set(publicKeys)],
    storeDir: nix.storeDir,
    toplevels: await readPublishedToplevels({ cacheDir: builder.cacheDir, storeDir: nix.storeDir }),
  };
}

/** A server on every address is reached by those of this machine's own that its clients may come from. */
function urlsOf(config: CacheServerConfig): Pick<CacheFacts, "urls" | "notes"> {
  const { allow, host, port } = config;
  if (host.startsWith("unix:")) {
    return {
      urls: [UNKNOWN_URL],
      notes: [`the server listens on a socket: ${UNKNOWN_URL} stands for its proxy`],
    };
  }
  if (host !== "::" && host !== "0.0.0.0") return { urls: [formatServerUrl(host, port)], notes: [] };
  const interfaces = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const addresses = interfaces.filter(({ family, internal }) => family === "IPv4" && !internal);
  const clients = createAllowList(allow);
  const isAllowed = ({ address }: NetworkInterfaceInfo): boolean => clients.check(address, "ipv4");
  const reached = addresses.filter(isAllowed).map(({ address }) => formatServerUrl(address, port));
  const refused = addresses.filter((entry) => !isAllowed(entry)).map(({ address }) => address);
  return {
    urls:
      reached.length > 0
        ? [...reached, formatServerUrl(hostname(), port)]
        : [formatServerUrl("127.0.0.1", port)],
    notes: refused.map(
      (address) => `${address} is outside cacheServer.allow: clients on its network are refused`,
    ),
  };
}
