import { Command } from "commander";

import packageJson from "../package.json" with { type: "json" };

const DEFAULT_CONFIG_FILE = "/etc/nix-cache-builder/config.toml";

/**
 * Creates the command line; wrong usage is thrown, as is the question for help.
 *
 * @param serve serves until it is told to stop
 */
export function createProgram(serve: (configFile: string) => Promise<void>): Command {
  return new Command("nix-cache-server")
    .description("Serves a Nix store as a binary cache to the LAN")
    .version(packageJson.version)
    .option("--config <file>", "configuration, TOML or JSON", DEFAULT_CONFIG_FILE)
    .exitOverride()
    .action(async ({ config }: { config: string }) => serve(config));
}
