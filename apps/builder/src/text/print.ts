import process from "node:process";

/** Characters that JSON leaves as they are and terminals obey. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Width of a terminal that does not tell, and of a file. */
const DEFAULT_WIDTH = 80;

/** Prints text on standard output. */
export function printText(text: string): void {
  process.stdout.write(text);
}

/** Prints one JSON document on standard output: dates in ISO 8601, bytes as numbers. */
export function printJson(value: unknown): void {
  process.stdout.write(`${formatJson(value)}\n`);
}

/** Writes JSON that is harmless on a terminal, whatever its texts hold. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    UNSAFE_IN_JSON,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Columns that lines are cut to: those of the terminal; nothing is cut for a file or another program. */
export function lineWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns || DEFAULT_WIDTH : undefined;
}
