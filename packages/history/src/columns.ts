import type { SQLOutputValue } from "node:sqlite";

import { HistoryError } from "./history-error.ts";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

type ReadColumn<T> = (row: Row, column: string) => T;

/** Reads a text column. */
export function textColumn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw damagedColumn(row, column, "text");
  return value;
}

/** Reads an integer column. */
export function integerColumn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw damagedColumn(row, column, "an integer");
  return value;
}

/** Reads a column of ms since the epoch. */
export function dateColumn(row: Row, column: string): Date {
  const date = new Date(integerColumn(row, column));
  if (Number.isNaN(date.getTime())) throw damagedColumn(row, column, "a time");
  return date;
}

/** Reads a column of bytes. */
export function bytesColumn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damagedColumn(row, column, "bytes");
  return value;
}

/** Reads a column of a JSON list of texts. */
export function textsColumn(row: Row, column: string): readonly string[] {
  const value = parseJson(textColumn(row, column));
  if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
  throw damagedColumn(row, column, "a JSON list of texts");
}

/** Makes a reader of a column that holds one of a few words. */
export function choiceColumn<T extends string>(choices: readonly T[]): ReadColumn<T> {
  return (row, column) => {
    const value = choices.find((choice) => choice === row[column]);
    if (value === undefined) throw damagedColumn(row, column, choices.join(" or "));
    return value;
  };
}

/** Reads a column that may be NULL as an object with one field; without it where the column is NULL. */
export function optionalField<T, F extends object>(
  row: Row,
  column: string,
  read: ReadColumn<T>,
  toField: (value: T) => F,
): Partial<F> {
  return row[column] === null ? {} : toField(read(row, column));
}

/** @returns undefined for what is no JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function damagedColumn(row: Row, column: string, expected: string): HistoryError {
  return new HistoryError(
    "ERR_HISTORY_DAMAGED",
    `expected column ${column} to hold ${expected}, got ${row[column] === null ? "null" : typeof row[column]}`,
  );
}
