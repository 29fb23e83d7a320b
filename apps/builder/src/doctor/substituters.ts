import { networkInterfaces, hostname } from "node:os";

import { type DoctorContext, NixUnusableError } from "./doctor-context.ts";
import { readList } from "./nix-settings.ts";

/** A cache that Nix asks before it builds. */
export interface Substituter {
  /** Its address, without parameters and a slash at its end. */
  readonly url: string;
  /** Whether it is the cache of this very machine. */
  readonly isOwn: boolean;
}

/** Lists the substituters that are reached by http; without Nix, none. */
export async function listSubstituters(context: DoctorContext): Promise<readonly Substituter[]> {
  try {
    const texts = readList(await context.settings(), "substituters");
    return [...new Set(texts)]
      .filter(isHttp)
      .map((store) => toSubstituter(store, context.config.cacheServer.port));
  } catch (error) {
    if (error instanceof NixUnusableError) return [];
    throw error;
  }
}

/** Whether a store's address is one that can be asked here: others are directories, machines and buckets. */
function isHttp(store: string): boolean {
  return /^https?:\/\//.test(store) && URL.canParse(store);
}

function toSubstituter(store: string, ownPort: number): Substituter {
  const url = store.replace(/\?.*$/, "").replace(/\/+$/, "");
  const { hostname: host, port, protocol } = new URL(url);
  const defaultPort = protocol === "https:" ? 443 : 80;
  const isOwn = isThisMachine(host.replaceAll(/[[\]]/g, "")) && Number(port || defaultPort) === ownPort;
  return { url, isOwn };
}

function isThisMachine(host: string): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const own = hostname();
  return (
    host === "localhost" ||
    host === own ||
    host.startsWith(`${own}.`) ||
    addresses.some(({ address }) => address === host)
  );
}
