import type { HistoryReader } from "@nix-cache/history";

import { loadConfig } from "../load-config.ts";
import { openStoreNix } from "../open-nix.ts";
import { type Places, placesOf } from "../places.ts";
import { readHistory } from "../read-history.ts";
import type { KeepingHistory, KeepingView } from "./keeping-state.ts";

/** Opens what any user may look at: the published history, the roots and links, the store. */
export async function openKeepingView(configFile: string, signal: AbortSignal): Promise<KeepingView> {
  const config = await loadConfig(configFile);
  const places = placesOf(config.builder);
  const nix = await openStoreNix(config, signal);
  return {
    config,
    history: readKeepingHistory(places),
    nix,
    now: () => new Date(),
    places,
    signal,
  };
}

/**
 * Reads what is published from the snapshot of the history. All answers come from the same one: a run may publish
 * another meanwhile. Before the first, there is nothing.
 */
export function readKeepingHistory({ publicHistoryFile }: Places): KeepingHistory {
  const none = {
    hosts: [],
    generations: new Map(),
    condemned: [],
    attempts: new Map(),
    configured: undefined,
  };
  const { hosts, generations, condemned, attempts, configured } =
    readHistory(publicHistoryFile, copyHistory) ?? none;
  return {
    hosts: () => hosts,
    generations: (host) => generations.get(host) ?? [],
    condemnedGenerations: () => condemned,
    lastAttempts: () => attempts,
    latestConfiguredHosts: () => configured,
  };
}

interface HistoryCopy {
  readonly hosts: ReturnType<HistoryReader["hosts"]>;
  readonly generations: ReadonlyMap<string, ReturnType<HistoryReader["generations"]>>;
  readonly condemned: ReturnType<HistoryReader["condemnedGenerations"]>;
  readonly attempts: ReturnType<HistoryReader["lastAttempts"]>;
  readonly configured: ReturnType<HistoryReader["latestConfiguredHosts"]>;
}

function copyHistory(reader: HistoryReader): HistoryCopy {
  const hosts = reader.hosts();
  return {
    hosts,
    generations: new Map(hosts.map((host) => [host, reader.generations(host)])),
    condemned: reader.condemnedGenerations(),
    attempts: reader.lastAttempts(),
    configured: reader.latestConfiguredHosts(),
  };
}
