import { widthOf } from "./format-table.ts";

/**
 * Breaks one line between words; a word that is longer than a line stays whole.
 *
 * @param width columns of a line, colors apart
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (widthOf(longer) > width && current !== "") {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}
