/** A JSON object of unknown members. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Says whether a value is an object, and no array. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Narrows to a record; the error names what was expected. */
export function expectRecord(value: unknown, what: string): JsonRecord {
  if (!isRecord(value)) throw unexpected(what, "an object", value);
  return value;
}

/** Narrows to a string. */
export function expectString(value: unknown, what: string): string {
  if (typeof value !== "string") throw unexpected(what, "a string", value);
  return value;
}

/** Narrows to a number. */
export function expectNumber(value: unknown, what: string): number {
  if (typeof value !== "number") throw unexpected(what, "a number", value);
  return value;
}

/** Narrows to an array of strings. */
export function expectStrings(value: unknown, what: string): readonly string[] {
  if (!Array.isArray(value)) throw unexpected(what, "a list", value);
  return value.map((item) => expectString(item, what));
}

function unexpected(what: string, kind: string, value: unknown): TypeError {
  return new TypeError(`expected ${what} to be ${kind}, got ${value === null ? "null" : typeof value}`);
}
