import { existsSync } from "node:fs";

import { Command, Option } from "commander";

import packageJson from "../package.json" with { type: "json" };

const DEFAULT_CONFIG = "/etc/nix-cache-builder/config.toml";

/** What the NixOS module writes. */
const JSON_CONFIG = "/etc/nix-cache-builder/config.json";

/**
 * Creates the command line; wrong usage is thrown, as is the question for help.
 *
 * @param serve serves until it is told to stop
 */
export function createProgram(serve: (configFile: string) => Promise<void>): Command {
  return new Command("nix-cache-server")
    .description("Serves a Nix store as a binary cache to the LAN")
    .version(packageJson.version)
    .addOption(
      new Option("--config <file>", "configuration, TOML or JSON").default(findConfig(), DEFAULT_CONFIG),
    )
    .exitOverride()
    .action(async ({ config }: { config: string }) => serve(config));
}

/** One in JSON counts where there is none in TOML. */
function findConfig(): string {
  return !existsSync(DEFAULT_CONFIG) && existsSync(JSON_CONFIG) ? JSON_CONFIG : DEFAULT_CONFIG;
}
