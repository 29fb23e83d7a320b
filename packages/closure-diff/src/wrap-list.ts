/** Where a list stands on the page. */
export interface WrapOptions {
  /** Columns to the left of every line. */
  readonly indent: number;
  readonly columns: number;
  /** Goes before the first entry; later lines start below that entry. */
  readonly label?: string;
}

/** Writes entries with commas between them, in lines that are too long only where a word of one is. */
export function wrapList(
  entries: readonly string[],
  { indent, columns, label = "" }: WrapOptions,
): readonly string[] {
  const words = entries.join(", ").split(" ");
  const margin = " ".repeat(indent + label.length);
  const lines: string[] = [];
  let line = " ".repeat(indent) + label;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = margin + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line];
}
