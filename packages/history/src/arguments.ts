/**
 * Converts a Date to the form in which the history keeps it.
 *
 * @param name - of the argument, for the message
 * @returns ms since the epoch
 * @throws TypeError or RangeError naming the argument
 */
export function toMs(date: unknown, name: string): number {
  if (!(date instanceof Date)) throw new TypeError(`expected ${name} to be a Date, got ${typeof date}`);
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new RangeError(`expected ${name} to be a valid Date, got Invalid Date`);
  return ms;
}

/**
 * Checks a count of something.
 *
 * @param name - of the argument, for the message
 * @param minimum - least value that is allowed
 * @throws TypeError or RangeError naming the argument
 */
export function toCount(value: unknown, name: string, minimum = 0): number {
  if (typeof value !== "number") throw new TypeError(`expected ${name} to be a number, got ${typeof value}`);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new RangeError(`expected ${name} to be a whole number of at least ${minimum}, got ${value}`);
  }
  return value;
}
