import type { Generation, HistoryReader } from "@nix-cache/history";

/** The generations of a host that are published still, lost ones included, the newest first. */
export function liveGenerations(history: HistoryReader, host: string): readonly Generation[] {
  return history.generations(host).filter(({ condemnedAt }) => condemnedAt === undefined);
}

/** The newest generation of a host that can be served. */
export function newestGood(history: HistoryReader, host: string): Generation | undefined {
  return liveGenerations(history, host).find(({ lostAt }) => lostAt === undefined);
}
