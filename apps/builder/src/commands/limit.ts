import { InvalidArgumentError } from "commander";

/** Largest number of lines that anyone reads, or a script takes at once. */
const MAX_LIMIT = 1_000_000;

/** Reads how many entries are wanted. */
export function parseLimit(value: string): number {
  const limit = Number(value);
  if (/^\d+$/.test(value) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_LIMIT}.`);
}
