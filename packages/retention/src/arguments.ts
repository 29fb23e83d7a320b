/**
 * Refuses anything but a whole number from `minimum` to Number.MAX_SAFE_INTEGER.
 *
 * @param name - of the argument, for the message
 * @throws TypeError or RangeError naming the argument
 */
export function requireCount(value: unknown, name: string, minimum = 0): void {
  if (typeof value !== "number") throw new TypeError(`expected ${name} to be a number, got ${typeof value}`);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new RangeError(`expected ${name} to be a whole number of at least ${minimum}, got ${value}`);
  }
}

/**
 * Refuses anything but a valid Date.
 *
 * @param name - of the argument, for the message
 * @throws TypeError or RangeError naming the argument
 */
export function requireDate(value: unknown, name: string): void {
  if (!(value instanceof Date)) throw new TypeError(`expected ${name} to be a Date, got ${typeof value}`);
  if (!Number.isNaN(value.getTime())) return;
  throw new RangeError(`expected ${name} to be a valid Date, got Invalid Date`);
}
