import { type Command, CommanderError } from "commander";

/** What is missing where a command is only named. */
const INCOMPLETE = new Set([
  "commander.help",
  "commander.missingArgument",
  "commander.missingMandatoryOptionValue",
]);

/** How a command line is looked at. */
export interface CheckCallOptions {
  /** Whether what is missing is no fault. */
  readonly isMention?: boolean;
}

/**
 * Has a program read its command line, without doing anything.
 *
 * @param program a new one: commander's keep what they have read
 * @returns what the program has against it; undefined when it has nothing
 */
export function checkCall(
  program: Command,
  args: readonly string[],
  { isMention = false }: CheckCallOptions = {},
): string | undefined {
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      throw error;
    });
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (command !== program || program.commands.length === 0) command.action(() => {});
  }
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isFine = error.exitCode === 0 || (isMention && INCOMPLETE.has(error.code));
    return isFine ? undefined : error.message;
  }
  return undefined;
}
