import { ClosureDiffError } from "./closure-diff-error.ts";

/** Where in the data a value is: `packages[3].name`; empty for the data itself. */
export type Place = string;

/** Narrows a value to an object that is no list. */
export function expectRecord(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw refuse("an object", value, place);
  return value;
}

/** Narrows a value to a list, and reads each entry. */
export function expectList<Item>(
  value: unknown,
  place: Place,
  read: (item: unknown, place: Place) => Item,
): readonly Item[] {
  if (!Array.isArray(value)) throw refuse("a list", value, place);
  return Array.from(value, (item, index) => read(item, `${place}[${index}]`));
}

/** Narrows a value to a text. */
export function expectText(value: unknown, place: Place): string {
  if (typeof value !== "string") throw refuse("a text", value, place);
  return value;
}

/** Narrows a value to a list of texts. */
export function expectTexts(value: unknown, place: Place): readonly string[] {
  return expectList(value, place, expectText);
}

/** Narrows a value to a whole number that is exact. */
export function expectInteger(value: unknown, place: Place): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw refuse("a whole number", value, place);
  // JSON knows no -0.
  return value + 0;
}

/** Narrows a value to a whole number from 0. */
export function expectCount(value: unknown, place: Place): number {
  const count = expectInteger(value, place);
  if (count < 0) throw refuse("a whole number from 0", value, place);
  return count;
}

/** Narrows a value to one of some texts. */
export function expectOneOf<Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
  place: Place,
): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw refuse(`one of ${choices.join(", ")}`, value, place);
  return choice;
}

/** Says what was expected and which kind of value was found; never the value, which may be anything. */
export function refuse(expected: string, found: unknown, place: Place): ClosureDiffError {
  const where = place === "" ? "the diff" : place;
  return new ClosureDiffError(
    "ERR_CLOSURE_DIFF_INVALID",
    `expected ${where} to be ${expected}, got ${kindOf(found)}`,
    {
      key: place,
    },
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return String(value);
  return value === undefined ? "nothing" : `a ${typeof value}`;
}
