import { cleanText, hideCredentials } from "./text.ts";

const MAX_LINES = 40;
const MAX_LINE_LENGTH = 4096;

/** Keeps the last lines of a process's standard error, fit for a log. */
export interface StderrTail {
  add(text: string): void;
  lines(): readonly string[];
}

/** Creates an empty tail of at most 40 lines of 4096 characters. */
export function createStderrTail(): StderrTail {
  const kept: string[] = [];
  return {
    add(text) {
      for (const line of text.split("\n").slice(-MAX_LINES)) {
        kept.push(hideCredentials(cleanText(line.slice(0, MAX_LINE_LENGTH))));
      }
      kept.splice(0, kept.length - MAX_LINES);
    },
    lines: () => [...kept],
  };
}
