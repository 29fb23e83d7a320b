import { cleanText, hideCredentials } from "./text.ts";

/** What an error shows. */
export const STDERR_TAIL_LINES = 40;
const MAX_LINE_LENGTH = 4096;

/** Keeps the last lines of a process's standard error, fit for a log. */
export interface StderrTail {
  add(text: string): void;
  lines(): readonly string[];
}

/** Creates an empty tail of the last lines, each of at most 4096 characters. */
export function createStderrTail(maxLines: number = STDERR_TAIL_LINES): StderrTail {
  const kept: string[] = [];
  return {
    add(text) {
      for (const line of text.split("\n").slice(-maxLines)) {
        kept.push(hideCredentials(cleanText(line.slice(0, MAX_LINE_LENGTH))));
      }
      if (kept.length > maxLines) kept.splice(0, kept.length - maxLines);
    },
    lines: () => [...kept],
  };
}
