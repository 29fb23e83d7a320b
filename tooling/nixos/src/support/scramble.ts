import * as fc from "fast-check";

/** What YAML gives a meaning, and what separates words. */
const PIECES = [
  "'",
  '"',
  ":",
  ": ",
  "- ",
  "#",
  " #",
  "{",
  "}",
  "[",
  "]",
  ", ",
  "\n",
  "\n  ",
  "&a ",
  "*",
  "|-",
  "!",
  "é",
  "''",
];

/** Gives texts that differ from one in a few places: lines gone, twice, or deeper, and characters that matter. */
export function scrambleText(text: string): fc.Arbitrary<string> {
  const lines = text.split("\n");
  const change = fc.oneof(
    fc.record({ type: fc.constant("drop" as const), line: fc.nat(lines.length - 1) }),
    fc.record({ type: fc.constant("repeat" as const), line: fc.nat(lines.length - 1) }),
    fc.record({ type: fc.constant("indent" as const), line: fc.nat(lines.length - 1) }),
    fc.record({
      type: fc.constant("insert" as const),
      line: fc.nat(lines.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      piece: fc.constantFrom(...PIECES),
    }),
  );
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    const scrambled = [...lines];
    for (const made of changes) {
      const line = lines[made.line] ?? "";
      scrambled[made.line] = {
        drop: () => "",
        repeat: () => `${line}\n${line}`,
        indent: () => `  ${line}`,
        insert: () => ("piece" in made ? insertAt(line, made.at, made.piece) : line),
      }[made.type]();
    }
    return scrambled.join("\n");
  });
}

function insertAt(line: string, share: number, piece: string): string {
  const at = Math.round(line.length * share);
  return line.slice(0, at) + piece + line.slice(at);
}
