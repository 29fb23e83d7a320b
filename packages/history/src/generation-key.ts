import type { DatabaseSync } from "node:sqlite";

import { toCount } from "./arguments.ts";
import { type Generation, selectGeneration } from "./generations.ts";
import { HistoryError } from "./history-error.ts";

/** Names a generation. */
export interface GenerationKey {
  readonly host: string;
  readonly number: number;
}

/** Converts a key to the parameters of a statement. */
export function toParameters({ host, number }: GenerationKey): { host: string; number: number } {
  return { host, number: toCount(number, "number", 1) };
}

/**
 * Reads a generation that must be recorded.
 *
 * @throws {@link HistoryError} ERR_HISTORY_UNKNOWN, RangeError for a number that none can have
 */
export function requireGeneration(db: DatabaseSync, key: GenerationKey): Generation {
  const { host, number } = toParameters(key);
  const generation = selectGeneration(db, host, number);
  if (generation !== undefined) return generation;
  throw new HistoryError("ERR_HISTORY_UNKNOWN", `generation ${number} of ${host} is not recorded`);
}

/** Creates the error for a record that contradicts a generation. */
export function conflict({ host, number }: GenerationKey, expectation: string): HistoryError {
  return new HistoryError("ERR_HISTORY_CONFLICT", `expected generation ${number} of ${host} ${expectation}`);
}
