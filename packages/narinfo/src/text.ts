/** Longest piece of foreign text that an error message repeats. */
const MAX_EXCERPT_CHARS = 80;

/** Characters that JSON leaves as they are but a terminal or a log viewer may obey. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Quotes a foreign value for an error message: on one line, cut when long, with nothing invisible in it. */
export function excerpt(value: string): string {
  const cut = value.length > MAX_EXCERPT_CHARS ? `${value.slice(0, MAX_EXCERPT_CHARS)}…` : value;
  return JSON.stringify(cut).replaceAll(INVISIBLE, "\ufffd");
}

/** @throws {TypeError} when a caller without type checking passes something other than a string */
export function assertString(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") throw new TypeError(`expected ${name} to be a string, got ${typeof value}`);
}
