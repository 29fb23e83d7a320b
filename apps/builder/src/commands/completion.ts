import { Argument, type Command } from "commander";

import { CommandError } from "../command-error.ts";
import { COMPLETE_WORDS, type Shell, SHELL_SCRIPTS, SHELLS } from "../completion/shell-scripts.ts";
import { addPlainCommand } from "./command-context.ts";

/** Adds `completion`, which prints what a shell reads, and the hidden command that this asks while the user types. */
export function addCompletionCommands(program: Command): void {
  addPlainCommand(program, "completion", {
    description: "print completions for a shell",
    example: 'eval "$(nix-cache-builder completion bash)"',
  })
    .addArgument(new Argument("<shell>", "which shell reads them").choices(SHELLS))
    .action(async (shell: Shell) => {
      const { printText } = await import("../text/print.ts");
      printText(SHELL_SCRIPTS[shell]);
    });
  program
    .command(`${COMPLETE_WORDS} [words...]`, { hidden: true })
    .action((words: readonly string[]) => answer(program, words));
}

/** Someone who is typing is told of no error: there is nothing to offer then. */
async function answer(program: Command, words: readonly string[]): Promise<void> {
  const { completeWords, formatCompletion } = await import("../completion/complete-words.ts");
  const { readSources } = await import("../completion/read-sources.ts");
  const { printText } = await import("../text/print.ts");
  try {
    printText(formatCompletion(await completeWords(program, words, readSources)));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    printText(formatCompletion({ type: "words", candidates: [] }));
  }
}
