import { stripVTControlCharacters } from "node:util";

/** Options of {@link formatTable}. */
export interface TableOptions {
  /** Columns, counted from 0, whose cells end at the same place: numbers. */
  readonly right?: readonly number[];
  /** Columns of the terminal; the last cell of a row is cut to fit. Absent: nothing is cut. */
  readonly width?: number;
  /** Before each row; none when absent. */
  readonly indent?: string;
}

const GAP = "  ";

/**
 * Lays out rows of cells, painted or not, in columns with two spaces between them.
 *
 * @returns lines, each with a line feed at its end; `""` for no rows
 */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { indent = "", right = [], width } = options;
  const columns = Math.max(...rows.map(({ length }) => length));
  // What ends a row is free to be long: it widens no column, unless numbers are under one another there.
  const isFree = (row: readonly string[], column: number): boolean =>
    column === row.length - 1 && !(column === columns - 1 && right.includes(column));
  const widths = widthsOf(rows, isFree);
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      if (isFree(row, column)) return cell;
      const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
      return right.includes(column) ? padding + cell : cell + padding;
    });
    const line = (indent + cells.join(GAP)).trimEnd();
    return width === undefined ? line : cutToWidth(line, width);
  });
  return lines.map((line) => `${line}\n`).join("");
}

function widthsOf(
  rows: readonly (readonly string[])[],
  isFree: (row: readonly string[], column: number) => boolean,
): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      if (!isFree(row, column)) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  return widths;
}

/** Columns that a text takes on a terminal, its colors apart. */
export function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** Cuts a line, painted or not, to a number of columns; what was cut shows as `…`. */
export function cutToWidth(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  let left = Math.max(0, width - 1);
  let isCut = false;
  // Each second part is a color: all of them stay, so that the last one ends what an earlier one began.
  // oxlint-disable-next-line no-control-regex -- colors begin with one
  const parts = line.split(/(\u001b\[[0-9;]*m)/).map((part, index) => {
    if (index % 2 === 1) return part;
    if (isCut) return "";
    const characters = Array.from(part);
    if (characters.length <= left) {
      left -= characters.length;
      return part;
    }
    isCut = true;
    return `${characters.slice(0, left).join("")}…`;
  });
  return parts.join("");
}
