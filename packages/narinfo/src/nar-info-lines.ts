import { NarInfoError } from "./errors.ts";

/** One line of a narinfo. */
export interface NarInfoLine {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly number: number;
}

/**
 * Takes a narinfo apart as Nix does: everything up to the colon is the key, one character after it is skipped unseen,
 * and the value ends at the line feed after that. So where the space before an empty value is missing, the line feed
 * is what is skipped, and the next line becomes the value.
 *
 * @throws {NarInfoError} ERR_NARINFO_SYNTAX when a line is blank or lacks its colon or line feed
 */
export function* readLines(text: string): Generator<NarInfoLine> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const colon = text.indexOf(":", start);
    const key = text.slice(start, colon);
    // Nix looks for the colon in the next line, and then does not know the key that it finds.
    if (colon < 0 || key.includes("\n")) throw refuse("a key and a colon", number);
    const end = text.indexOf("\n", colon + 2);
    if (end < 0) throw refuse("a line feed at the end", number);
    yield { key, value: text.slice(colon + 2, end), number };
    start = end + 1;
  }
}

function refuse(expected: string, line: number): NarInfoError {
  return new NarInfoError("ERR_NARINFO_SYNTAX", `expected ${expected} (line ${line})`, { line });
}
