import { basename } from "node:path";

import type { CommandWords } from "./split-commands.ts";

/** A call of one of the programs. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
}

/** Options of sudo that take a value. */
const SUDO_VALUES = new Set(["-u", "--user", "-g", "--group"]);

/** Finds the calls of some programs among commands, whether sudo or a variable stands before them or not. */
export function findCalls(
  commands: readonly CommandWords[],
  programs: ReadonlySet<string>,
): readonly ProgramCall[] {
  return commands.flatMap((words) => {
    const [first = "", ...args] = dropPrefix(words);
    const program = basename(first);
    return programs.has(program) ? [{ program, args }] : [];
  });
}

function dropPrefix(words: CommandWords): CommandWords {
  const [first = "", second = "", ...rest] = words;
  if (/^\w+=/.test(first)) return dropPrefix(words.slice(1));
  if (first !== "sudo") return words;
  if (SUDO_VALUES.has(second)) return dropPrefix(["sudo", ...rest.slice(1)]);
  return second.startsWith("-") ? dropPrefix(["sudo", ...rest]) : dropPrefix([second, ...rest]);
}
