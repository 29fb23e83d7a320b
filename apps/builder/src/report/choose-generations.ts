import type { Generation, HistoryReader } from "@nix-cache/history";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";

/** Two generations of a host to compare. */
export interface GenerationPair {
  readonly before: Generation;
  readonly after: Generation;
}

/** What the user typed. */
export interface PairRequest {
  readonly host: string;
  /** The earlier one; absent: the one before the later. */
  readonly before?: string;
  /** The later one; absent: the newest. */
  readonly after?: string;
}

/**
 * Finds the generations that the user means.
 *
 * @throws {@link CommandError} 2 for one that never was, 1 where there is none to compare with
 */
export function chooseGenerations(
  history: HistoryReader,
  { host, before, after }: PairRequest,
): GenerationPair {
  const all = history.generations(host);
  const later = after === undefined ? newestOf(all, host) : requireGeneration(all, host, after);
  if (before !== undefined) return { before: requireGeneration(all, host, before), after: later };
  const recorded = history.closureDiff(host, later.number)?.previous;
  const earlier =
    all.find(({ number }) => number === recorded) ??
    all.find(({ lastPublication }) => lastPublication < later.lastPublication);
  if (earlier !== undefined) return { before: earlier, after: later };
  throw new CommandError(
    `generation ${later.number} of ${host} is the first: there is none to compare it with`,
    EXIT.failed,
  );
}

function newestOf(all: readonly Generation[], host: string): Generation {
  const newest = all.find(({ condemnedAt }) => condemnedAt === undefined);
  if (newest !== undefined) return newest;
  throw new CommandError(`nothing is published for ${host} yet`, EXIT.failed);
}

function requireGeneration(all: readonly Generation[], host: string, typed: string): Generation {
  const found = /^\d+$/.test(typed) ? all.find(({ number }) => number === Number(typed)) : undefined;
  if (found !== undefined) return found;
  const numbers = all.filter(({ deletedAt }) => deletedAt === undefined).map(({ number }) => number);
  const those = numbers.length === 0 ? "there is none" : `there are ${numbers.join(", ")}`;
  throw new CommandError(`${host} has no generation "${typed}": ${those}`, EXIT.usage);
}
