import { type Command, Option } from "commander";

import { DEFAULT_CONFIG, findDefaultConfig } from "../default-config.ts";

/** What the command line gives to its commands. */
export interface CommandContext {
  /** Aborted when the user wants the command to stop. */
  readonly signal: AbortSignal;
}

/** Options that every command has that works with a configuration. */
export interface ConfigOptions {
  readonly config: string;
}

/** What a command's help says. */
export interface CommandHelp {
  readonly description: string;
  /** One line, as it is typed. */
  readonly example: string;
}

/**
 * Adds a command; its options and its action are the caller's.
 *
 * @param usage name and arguments, such as `pin <host> <generation>`
 */
export function addPlainCommand(
  program: Command,
  usage: string,
  { description, example }: CommandHelp,
): Command {
  return program
    .command(usage)
    .description(description)
    .addHelpText("after", `\nExample:\n  ${example}`)
    .allowExcessArguments(false);
}

/** Adds a command that works with a configuration, as {@link addPlainCommand} does. */
export function addCommand(program: Command, usage: string, help: CommandHelp): Command {
  return addPlainCommand(program, usage, help).addOption(
    new Option("--config <file>", "configuration of both apps").default(findDefaultConfig(), DEFAULT_CONFIG),
  );
}
