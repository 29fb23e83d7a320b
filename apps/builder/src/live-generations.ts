import type { Generation, HistoryReader } from "@nix-cache/history";

/** The generations of a host that are published still, the newest first. */
export function liveGenerations(history: HistoryReader, host: string): readonly Generation[] {
  return history.generations(host).filter(({ condemnedAt }) => condemnedAt === undefined);
}
