import process from "node:process";
import { styleText } from "node:util";

/** What a text is to the reader. */
export type TextStyle = "good" | "warning" | "bad" | "faint" | "strong";

const FORMATS = { good: "green", warning: "yellow", bad: "red", faint: "dim", strong: "bold" } as const;

/** Whether what is written to standard output may have colors: on a terminal, unless NO_COLOR or the like says no. */
export function isColored(): boolean {
  return paint("strong", "x") !== "x";
}

/** Styles a text for standard output; unchanged where that is no terminal, or NO_COLOR is set. */
export function paint(style: TextStyle, text: string): string {
  return styleText(FORMATS[style], text, { stream: process.stdout });
}
