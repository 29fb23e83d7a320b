import type { Command } from "commander";

const DEFAULT_CONFIG = "/etc/nix-cache-builder/config.toml";

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
 * Adds a command that works with a configuration; its options and its action are the caller's.
 *
 * @param usage name and arguments, such as `pin <host> <generation>`
 */
export function addCommand(program: Command, usage: string, { description, example }: CommandHelp): Command {
  return program
    .command(usage)
    .description(description)
    .option("--config <file>", "configuration of both apps", DEFAULT_CONFIG)
    .addHelpText("after", `\nExample:\n  ${example}`)
    .allowExcessArguments(false);
}
