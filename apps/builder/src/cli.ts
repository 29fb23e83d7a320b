import { Command, CommanderError } from "commander";

import { printClientConfig } from "./commands/client-config.ts";
import { run } from "./commands/run.ts";
import { sync } from "./commands/sync.ts";
import { EXIT } from "./exit-codes.ts";
import { serveSyncRequest, SYNC_WORKER } from "./git/sync-worker.ts";
import { VERSION } from "./version.ts";

const DEFAULT_CONFIG = "/etc/nix-cache-builder/config.toml";

/** Options that every command has. */
interface CommonOptions {
  readonly config: string;
}

/**
 * Creates the command line.
 *
 * @param signal aborted when the user wants the command to stop
 */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command("nix-cache-builder")
    .description("Builds every host of a NixOS flake, signs and publishes the results")
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride(exitAsUsage);
  withConfig(program.command("run"), "sync, update the inputs, build every host, sign, publish")
    .addHelpText("after", "\nExample:\n  nix-cache-builder run --config /etc/nix-cache-builder/config.toml")
    .action(({ config }: CommonOptions) => run(config, signal));
  withConfig(program.command("sync"), "bring the checkout to the remote's revision, and nothing else")
    .addHelpText("after", "\nExample:\n  nix-cache-builder sync --config /etc/nix-cache-builder/config.toml")
    .action(({ config }: CommonOptions) => sync(config, signal));
  withConfig(
    program.command("client-config"),
    "print what clients need: substituter, public key, a command to try",
  )
    .addHelpText(
      "after",
      "\nExample:\n  nix-cache-builder client-config --config /etc/nix-cache-builder/config.toml",
    )
    .action(({ config }: CommonOptions) => printClientConfig(config));
  program.command(SYNC_WORKER, { hidden: true }).action(() => serveSyncRequest(signal));
  return program;
}

function withConfig(command: Command, description: string): Command {
  return command
    .description(description)
    .option("--config <file>", "configuration of both apps", DEFAULT_CONFIG)
    .allowExcessArguments(false)
    .exitOverride(exitAsUsage);
}

/** commander exits with 1 on wrong usage. */
function exitAsUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage);
}
