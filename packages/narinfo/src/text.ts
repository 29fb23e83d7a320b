/** Longest piece of foreign text that an error message repeats. */
const MAX_EXCERPT_CHARS = 80;

/** Quotes a foreign value for an error message: on one line, control characters escaped, cut when long. */
export function excerpt(value: string): string {
  const cut = value.length > MAX_EXCERPT_CHARS ? `${value.slice(0, MAX_EXCERPT_CHARS)}…` : value;
  return JSON.stringify(cut);
}

/** @throws {TypeError} when a caller without type checking passes something other than a string */
export function assertString(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") throw new TypeError(`expected ${name} to be a string, got ${typeof value}`);
}
