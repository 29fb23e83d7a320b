import type { Generation, HistoryReader } from "@nix-cache/history";

type Generations = Pick<HistoryReader, "generations">;

/** The generations of a host that are published still, lost ones included, the newest first. */
export function liveGenerations(history: Generations, host: string): readonly Generation[] {
  return history.generations(host).filter(({ condemnedAt }) => condemnedAt === undefined);
}

/** The newest generation of a host that can be served. */
export function newestGood(history: Generations, host: string): Generation | undefined {
  return liveGenerations(history, host).find(({ lostAt }) => lostAt === undefined);
}
