import type { FileChange } from "./compare-files.ts";
import { diffLines } from "./diff-lines.ts";

const COLUMN = "unchanged".length + 2;

/** Says in a line for each file what is done about it. */
export function formatChanges(changes: readonly FileChange[]): string {
  return changes.map((change) => `${formatChange(change)}\n`).join("");
}

/** Says the same with the texts that would be written: whole files, and the lines that change. */
export function formatPreview(changes: readonly FileChange[]): string {
  return changes
    .map((change) => {
      const line = `${formatChange(change)}\n`;
      if (change.type === "written") return `${line}${indent(change.text)}\n`;
      return change.type === "updated" ? `${line}${indent(diffLines(change.before, change.text))}\n` : line;
    })
    .join("");
}

function formatChange(change: FileChange): string {
  const line = `${change.type.padEnd(COLUMN)}${change.path}`;
  return change.type === "left" ? `${line}: ${change.reason}` : line;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}
