import type { Generation, HistoryReader } from "@nix-cache/history";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { liveGenerations } from "../live-generations.ts";
import { requireKnownHosts } from "../suggest.ts";
import { formatLocalTime } from "../text/format-time.ts";

/** A generation as it is typed. */
export interface TypedGeneration {
  readonly host: string;
  readonly generation: string;
}

/**
 * Finds a published generation by what was typed.
 *
 * @throws {@link CommandError} 2 naming what exists
 */
export function findLiveGeneration(
  history: Pick<HistoryReader, "generation" | "generations" | "hosts">,
  { host, generation }: TypedGeneration,
): Generation {
  const hosts = history.hosts().filter((name) => liveGenerations(history, name).length > 0);
  requireKnownHosts([host], hosts);
  const numbers = liveGenerations(history, host).map(({ number }) => number);
  const number = Number(generation);
  const found = /^[1-9]\d{0,14}$/.test(generation) ? history.generation(host, number) : undefined;
  const known = `the generations of ${host} are ${numbers.toSorted((a, b) => a - b).join(", ")}`;
  if (found === undefined) {
    throw new CommandError(`unknown generation "${generation}": ${known}`, EXIT.usage);
  }
  if (found.condemnedAt !== undefined) {
    const when = formatLocalTime(found.condemnedAt);
    throw new CommandError(`generation ${number} of ${host} was dropped at ${when}: ${known}`, EXIT.usage);
  }
  return found;
}
